#' The model specification of formulas and data
#'
#' @param family Name of the family, or a `response_family`.
#' @param formulas List of one-sided formulas, one per parameter; more are an
#'   ignored surplus (warning), fewer an error.
#' @param networks Named list of NETWORK lists (docs/model-spec.md), or of what
#'   builds one for each term (a function `build` and the names of its
#'   `inputs`); the names are those that formulas use.
#' @param data Data frame or named list of columns, clean: see [check_data()].
#' @param controls List with any of `penalty`, `weight`, `orthog`, `form`: the
#'   results of [penalty_control()] and its siblings; `loss`, `"mse"` or `NULL`;
#'   `output_dim` (columns of the response) and `predictor_columns`.
#' @param seed Integer seed of the initial weights.
#' @param precision `"float64"` or `"float32"`.
#' @param parameter_names The family's parameters, in its order.
#' @param y The response, handed to `penalty_control(sp_scale)`.
#' @param specials Named list of constructors of special terms.
#' @return A list: `json` (text), `payload` (doubles), `terms` (per parameter
#'   the list of terms, the intercept last), `columns` (name and type of every
#'   column the engine gets), `variables` (those that external columns need),
#'   `formulas`, `family`, `n`.
#' @keywords internal
spec_model <- function(family, formulas, networks = list(), data,
                       controls = list(), seed = NULL, precision = "float64",
                       parameter_names = names(formulas), y = NULL,
                       specials = term_specials()) {
  described <- inherits(family, "response_family")
  name <- if (described) family$name else family
  formulas <- match_formulas(formulas, parameter_names, name)
  check_network_names(networks, specials)
  context <- spec_context(data, networks, controls, y, specials)
  terms <- lapply(seq_along(formulas), function(i) {
    predictor_terms(formulas[[i]], i, context)
  })
  names(terms) <- parameter_names
  check_weight_names(terms, context$weight)
  built <- networks_of_terms(terms, networks, context$predictor_columns)
  terms <- built$terms
  all <- unlist(terms, recursive = FALSE, use.names = FALSE)
  columns <- collect_columns(all, context$data)
  flat <- flatten_payload(list(
    family = if (described) family$spec else family,
    loss = controls$loss %||% "likelihood",
    precision = precision, seed = seed,
    response_columns = controls$output_dim %||% 1L,
    columns = lapply(columns, column_spec),
    predictors = predictor_specs(terms), networks = unname(built$networks)
  ))
  list(json = spec_json(exact_lambdas(flat$spec)), payload = flat$payload,
       terms = terms, columns = columns,
       variables = external_variables(all, columns, context$data),
       formulas = lapply(formulas, without_environment), family = name,
       n = context$n)
}

spec_context <- function(data, networks, controls, y, specials) {
  columns <- lapply(as_columns(data), drop_unused)
  n <- if (length(columns)) NROW(columns[[1L]]) else NROW(y)
  if (!(n > 0L)) abort_spec("data_error", "the data have no rows")
  penalty <- controls$penalty %||% penalty_control()
  scale <- penalty$sp_scale(if (is.null(y)) numeric(n) else y)
  list(data = columns, n = n,
       basis_rows = (controls$form %||% form_control())$basis_rows,
       constructed = new.env(parent = emptyenv()),
       networks = networks, specials = specials,
       penalty = penalty, sp_scale = scale, loss = controls$loss,
       weight = controls$weight %||% weight_control(),
       orthogonalize = (controls$orthog %||% orthog_control())$orthogonalize,
       predictor_columns = controls$predictor_columns %||% 1L)
}

# The terms of one predictor, in the order of R's term labels; offsets and the
# intercept come last.
predictor_terms <- function(formula, index, context) {
  parsed <- parse_formula(formula, names(context$specials),
                          names(context$networks))
  context$formula <- formula
  context$env <- parsed$env
  terms <- c(
    linear_terms(parsed$linear, context),
    lapply(parsed$specials, special_term, context = context)
  )
  if (!length(terms) && !parsed$intercept) {
    abort_spec("formula_error", "formula '", text_of(formula), "' has no term")
  }
  intercept <- vapply(terms, function(t) t$type == "intercept", NA)
  rank <- match(vapply(terms, `[[`, "", "name"), parsed$order)
  terms <- terms[order(rank)][!intercept[order(rank)]]
  if (parsed$intercept || any(intercept)) {
    terms <- c(terms, list(intercept_term()))
  }
  terms <- lapply(terms, with_weights, index = index, context = context)
  stats::setNames(terms, vapply(terms, `[[`, "", "name"))
}

with_weights <- function(term, index, context) {
  frozen <- identical(context$loss, "mse") && index > 1L
  term$spec$weights <- if (frozen) weights_at_zero() else
    term_weights(term, index, context)
  term
}

special_term <- function(parsed, context) {
  build <- if (parsed$head %in% names(context$networks)) {
    deep_term
  } else {
    context$specials[[parsed$head]]
  }
  build(parsed, context)
}

check_network_names <- function(networks, specials) {
  if (!length(networks)) return(invisible())
  if (is.null(names(networks)) || any(!nzchar(names(networks)))) {
    abort_spec("argument_error", "argument `list_of_deep_models`: every ",
               "network needs a name")
  }
  clash <- intersect(names(networks), names(specials))
  if (length(clash)) {
    abort_spec("argument_error", "argument `list_of_deep_models`: ",
               quote_names(clash), " is the name of a special; choose another")
  }
}

predictor_specs <- function(terms) {
  lapply(names(terms), function(name) {
    list(name = name, terms = unname(lapply(terms[[name]], `[[`, "spec")))
  })
}

# lambda and scale as numbers with all their digits.
exact_lambdas <- function(spec) {
  if (!is.list(spec)) return(spec)
  if (!is.null(spec$penalty$lambdas)) {
    spec$penalty$lambdas <- lapply(spec$penalty$lambdas, exact_number)
    spec$penalty$scale <- exact_number(spec$penalty$scale)
  }
  lapply(spec, exact_lambdas)
}

# Variables that only external columns use: R needs them, the engine does not.
external_variables <- function(terms, columns, data) {
  external <- Filter(function(term) length(term$externals) > 0L, terms)
  used <- unique(unlist(lapply(external, `[[`, "variables")))
  known <- vapply(columns, `[[`, "", "name")
  lapply(intersect(setdiff(used, known), names(data)),
         function(name) describe_column(name, data[[name]]))
}

# A saved model must not drag along what lay around the formulas.
without_environment <- function(formula) {
  environment(formula) <- globalenv()
  formula
}
