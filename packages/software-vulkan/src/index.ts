export { softwareVulkanEnvironment, SoftwareVulkanError, withLibraryFolder } from './softwareVulkan.ts'
export { unpackedArchive, UnpackError } from './unpackedArchive.ts'
