# The specials of a formula and what builds their terms. A constructor takes
# `parsed` (name, head, call) and `context` (data, n, env, formula, networks,
# penalty, sp_scale) and returns a term; see new_term(). Adding a special is
# one row here, or one in the `specials` argument of spec_model().
term_specials <- function() {
  list(
    s = smooth_term, te = smooth_term, ti = smooth_term, t2 = smooth_term,
    offset = offset_term, lin = lin_term, int = intercept_term,
    lasso = lasso_term, grlasso = grlasso_term, ridge = ridge_term
  )
}

# How each type of term evaluates its columns on new data.
term_designs <- function() {
  list(intercept = intercept_design, linear = linear_design,
       smooth = smooth_design, offset = offset_design, deep = deep_design)
}

offset_design <- function(term, data) {
  component_matrix(term$components[[1L]], data)
}

#' Design matrix of a term on new data
#'
#' @param term A term of [spec_model()]'s `terms`.
#' @param data A data frame or named list with at least the term's variables.
#' @return A matrix (n, p) with the term's coefficient labels as column names;
#'   (n, 1) for an offset; for a deep term the list of its network's inputs.
#' @section Errors: A missing variable, and a factor level that the training
#'   data did not have.
#' @keywords internal
term_design <- function(term, data) {
  data <- as.list(data)
  missing <- setdiff(term$variables, names(data))
  missing <- missing[!vapply(missing, is_constant_of, NA, term = term)]
  if (length(missing)) {
    abort_spec("missing_column", "term '", term$name, "' needs ",
               quote_names(missing), ", which the data do not have; they have ",
               quote_names(names(data)))
  }
  term_designs()[[term$type]](term, data)
}

# A scalar that the formula took from its environment.
is_constant_of <- function(name, term) {
  components <- c(term$components, unlist(term$inputs, recursive = FALSE))
  any(vapply(components, function(component) {
    exists(name, envir = component$env)
  }, NA))
}
