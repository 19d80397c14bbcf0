import { describeTuned, ONE_LANE } from './testDevice.ts'

describeTuned(ONE_LANE)
