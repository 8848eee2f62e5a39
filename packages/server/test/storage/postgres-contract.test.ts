import { describeContract } from './contract/index.ts'
import { postgres } from './postgres-place.ts'

describeContract(postgres)
