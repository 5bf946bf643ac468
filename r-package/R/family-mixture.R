#' Mixtures and inflated families
#'
#' `mixdistreg()` mixes families: every component has parameters of its own, and
#' the probabilities of the components have predictors too. `inflareg()` adds
#' probability on given values to a family; of a continuous family these are
#' point masses beside its density. `zinreg()`, `oinreg()` and `zoinreg()` are
#' `inflareg()` at 0, at 1, and at both.
#'
#' Both are [deepregression()] models of the family that `mixture_family()` or
#' `inflated_family()` makes, whose parameters are, in order,
#' * `logits_2`, ..., `logits_K`: log-odds of the components against the first;
#'   then those of the components, `loc.1`, `scale.1`, `loc.2`, ...
#' * `logit_at_0`, ...: log-odds of the inflation values, in ascending order,
#'   against the family; then those of the family.
#'
#' @section Local maxima: The likelihood of a mixture has several: components
#'   may change places (the solution is the same, their numbers are not), and
#'   there may be worse ones. Components start at means spread over the
#'   response, so that the first one usually has the lowest; [fit_starts()]
#'   tries other beginnings. Where a component collapses onto single rows the
#'   likelihood has no bound; `fit()` stops with an error then.
#'
#' @param y response, as in [deepregression()].
#' @param families one name or family, with `nr_comps` of it, or a vector or
#'   list with one per component. All continuous or all discrete, with one
#'   response column.
#' @param family the family that is inflated.
#' @param nr_comps number of components K, where `families` is one family.
#' @param formula_mixture one-sided formula of all K - 1 log-odds, or a list of
#'   K - 1.
#' @param formula_inflation one-sided formula of the log-odds of all values, or
#'   a list with one per value.
#' @param list_of_formulas one-sided formulas: one per parameter of a component,
#'   used for every component; or one per parameter of all components, in
#'   order; or a list of K such lists. Of `inflareg()` one per parameter of the
#'   family.
#' @param inflation_values,values different finite numbers.
#' @param ... further arguments of [deepregression()]: `data`,
#'   `list_of_deep_models`, `weights`, ...
#' @param entropy_penalty xi, of at least 0: fits maximise the mean of
#'   log p(y) - xi H, with the entropy H = -sum_k pi_k log(pi_k) of a row's
#'   probabilities, so that larger values leave fewer components to a row.
#' @return `mixdistreg()`: a [deepregression()] model of class `mixdistreg`, too;
#'   `inflareg()` and the others: one of class `inflareg`.
#'   `mixture_family()`, `inflated_family()`: a [response_family()].
#' @section Errors: a number of formulas that fits neither one component nor
#'   all, families that cannot be mixed.
#' @seealso [get_pis()] for the probabilities of the components,
#'   [component_stats()] for their means and so on.
#' @examples
#' \donttest{
#' model <- mixdistreg(faithful$eruptions, "normal", nr_comps = 2,
#'   list_of_formulas = list(~ 1, ~ 1), data = faithful
#' )
#' fit(model, verbose = FALSE)
#' coef(model, "loc.1")
#' head(get_pis(model, posterior = TRUE))
#' }
#' @export
mixdistreg <- function(y, families, nr_comps = NULL, formula_mixture = ~ 1,
                       list_of_formulas, ..., entropy_penalty = 0) {
  family <- mixture_family(families, nr_comps, entropy_penalty)
  components <- mixture_parts(family)$components
  formulas <- c(
    share_formulas(formula_mixture, length(components) - 1, "formula_mixture"),
    component_formulas(list_of_formulas, components)
  )
  add_class(deepregression(y, formulas, family = family, ...), "mixdistreg")
}

#' A model with a class of its own before the others
#' @noRd
add_class <- function(model, class) {
  structure(model, class = c(class, class(model)))
}

#' @rdname mixdistreg
#' @export
mixture_family <- function(families, nr_comps = NULL, entropy_penalty = 0) {
  components <- lapply(family_list(families, nr_comps), find_family)
  for (component in components) check_component(component, "mixture")
  names <- vapply(components, function(component) component$name, "")
  penalty <- check_number(entropy_penalty, "entropy_penalty", 0)
  spec <- list(
    name = "mixture",
    components = lapply(components, function(component) component$spec),
    entropy_penalty = if (penalty > 0) exact_number(penalty)
  )
  name <- paste0("mixture(", paste(names, collapse = ", "), ")")
  new_family(drop_null(spec), name)
}

#' The families of a mixture as a list
#' @noRd
family_list <- function(families, nr_comps) {
  one <- is.character(families) || is.list(families) &&
    !inherits(families, "response_family")
  families <- if (one) as.list(families) else list(families)
  nr_comps <- check_whole(nr_comps, "nr_comps", 2)
  if (length(families) == 1 && !is.null(nr_comps)) {
    families <- rep(families, nr_comps)
  }
  if (length(families) < 2 || !(nr_comps %||% length(families)) ==
    length(families)) {
    refuse("a mixture needs two families or more, or one and nr_comps; got ",
      length(families), if (!is.null(nr_comps)) {
        paste0(" families and nr_comps = ", nr_comps)
      }
    )
  }
  families
}

check_component <- function(family, what) {
  lacking <- missing_options(family$spec)
  if (length(lacking) > 0) {
    refuse("family '", family$name, "' of the ", what, " needs ",
      quote_names(lacking), ": give response_family(\"", family$name, "\", ",
      lacking[1], " = ...)"
    )
  }
}

#' @rdname mixdistreg
#' @export
inflareg <- function(y, family, inflation_values = 0, formula_inflation = ~ 1,
                     list_of_formulas, ...) {
  family <- inflated_family(family, inflation_values)
  formulas <- c(
    share_formulas(
      formula_inflation, length(inflation_values), "formula_inflation"
    ),
    list_of_formulas
  )
  add_class(deepregression(y, formulas, family = family, ...), "inflareg")
}

#' @rdname mixdistreg
#' @export
zinreg <- function(y, family, ...) inflareg(y, family, 0, ...)

#' @rdname mixdistreg
#' @export
oinreg <- function(y, family, ...) inflareg(y, family, 1, ...)

#' @rdname mixdistreg
#' @export
zoinreg <- function(y, family, ...) inflareg(y, family, c(0, 1), ...)

#' @rdname mixdistreg
#' @export
inflated_family <- function(family, values = 0) {
  family <- find_family(family)
  check_component(family, "inflation")
  if (!is.numeric(values) || length(values) == 0 || !all(is.finite(values)) ||
    anyDuplicated(values)) {
    refuse("inflation values must be different finite numbers, got ",
      describe_value(values)
    )
  }
  spec <- list(
    name = "inflated", components = list(family$spec),
    values = lapply(sort(values), exact_number)
  )
  new_family(spec, paste0("inflated(", family$name, ")"))
}

#' One formula for several predictors, or one for each
#' @noRd
share_formulas <- function(formulas, count, argument) {
  if (inherits(formulas, "formula")) {
    return(rep(list(formulas), count))
  }
  if (!is.list(formulas) || length(formulas) != count) {
    refuse(argument, " must be a one-sided formula or a list of ", count,
      ", got ", describe_value(formulas)
    )
  }
  formulas
}

#' The formulas of all components, component after component
#' @noRd
component_formulas <- function(formulas, components) {
  counts <- vapply(components, function(f) length(f$parameters), 0L)
  if (!is.list(formulas)) {
    refuse("list_of_formulas must be a list of formulas, got ",
      describe_value(formulas)
    )
  }
  nested <- vapply(formulas, function(f) !inherits(f, "formula"), NA)
  if (all(nested) && identical(unname(lengths(formulas)), counts)) {
    return(unlist(lapply(formulas, unname), recursive = FALSE))
  }
  if (!any(nested) && length(formulas) == sum(counts)) {
    return(unname(formulas))
  }
  if (!any(nested) && all(counts == length(formulas))) {
    return(rep(unname(formulas), length(components)))
  }
  refuse_formulas(formulas, components, counts)
}

refuse_formulas <- function(formulas, components, counts) {
  refuse("list_of_formulas: expected ",
    if (length(unique(counts)) == 1) {
      paste0(counts[1], " formulas (of every component) or ")
    },
    sum(counts), " (of ",
    paste0(counts, " parameters of '",
      vapply(components, function(f) f$name, ""), "'", collapse = ", "
    ), "), got ", length(formulas)
  )
}
