import { describeTuned, SIXTEEN_LANES } from './testDevice.ts'

describeTuned(SIXTEEN_LANES)
