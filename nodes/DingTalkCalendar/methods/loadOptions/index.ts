import { getCategories } from './getCategories';

export const loadOptions = { getCategories };
