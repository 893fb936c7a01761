import { readFilters, type FilterOptions } from './filters.js';
import { ANY_FACTS, type PlanFacts } from '../links/define.js';
import type { Lab } from '../topology/lab.js';

/**
 * What the model has to know of this machine to say what becomes of frames.
 * @throws TopologyError for what nft refuses of the file
 */
export const modelFacts = async (lab: Lab, options: FilterOptions): Promise<PlanFacts> => ({
  ...ANY_FACTS,
  filters: await readFilters(lab, options),
});
