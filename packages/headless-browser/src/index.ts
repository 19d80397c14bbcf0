export { runInBrowser, type BrowserOptions } from './runInBrowser.ts'
