export { softwareVulkanEnvironment, SoftwareVulkanError } from './softwareVulkan.ts'
