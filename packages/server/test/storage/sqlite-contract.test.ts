import { describeContract } from './contract/index.ts'
import { sqlite } from './sqlite-place.ts'

describeContract(sqlite)
