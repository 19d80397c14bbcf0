import { defaultRecipe } from './default.ts'
import { diceRecipe } from './dice.ts'
import { macrRecipe } from './macr.ts'
import type { Recipe } from './recipe.ts'

/** Every recipe by its name. */
export const RECIPES: Readonly<Record<Recipe['name'], Recipe>> = {
  default: defaultRecipe,
  macr: macrRecipe,
  dice: diceRecipe,
}

/** The recipe made for a data set of the catalogue, or `default`. */
export function recipeFor(dataset: string): Recipe {
  return Object.values(RECIPES).find((recipe) => recipe.datasets.includes(dataset)) ?? defaultRecipe
}
