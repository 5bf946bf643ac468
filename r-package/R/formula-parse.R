# Turns a one-sided formula into its parts: whether there is an intercept, the
# linear part as a terms object, and the specials in the order of the formula.
#
# R's own terms() splits and expands (`+`, `-`, `*`, `^`, `%in%`, brackets), so
# a formula means here what it means in lm().
parse_formula <- function(formula, specials, networks = character()) {
  check_one_sided(formula)
  found <- stats::terms(formula, allowDotAsName = TRUE)
  heads <- c(specials, networks)
  variables <- as.list(attr(found, "variables"))[-1L]
  is_special <- vapply(variables, call_head, "") %in% heads
  is_offset <- seq_along(variables) %in% attr(found, "offset")
  check_no_dot(formula, variables[!is_special])
  check_heads(variables[!is_special & !is_offset], formula, specials, networks)
  factors <- attr(found, "factors")
  labels <- attr(found, "term.labels")
  special_term <- vapply(seq_along(labels), function(i) {
    any(is_special[factors[, i] > 0])
  }, NA)
  check_interactions(factors, special_term, labels, formula)
  list(
    formula = formula, env = environment(formula) %||% globalenv(),
    intercept = attr(found, "intercept") == 1L,
    linear = linear_part(formula, labels[!special_term]),
    specials = c(
      lapply(labels[special_term], as_special),
      lapply(variables[is_offset], special_of_call)
    )
  )
}

as_special <- function(label) {
  special_of_call(parse(text = label, keep.source = FALSE)[[1L]])
}

special_of_call <- function(call) {
  list(name = text_of(call), head = call_head(call), call = call)
}

# The function's name of a call, "" for anything else.
call_head <- function(expr) {
  if (is.call(expr) && is.name(expr[[1L]])) as.character(expr[[1L]]) else ""
}

# The linear terms of a formula: list(labels, variables, factors), the latter
# two as in a terms object, factors with one column per label. An intercept is
# added, because the coding of factors is that of model.matrix(~ 1 + ...).
linear_part <- function(formula, labels = NULL) {
  formula[[2L]] <- call("+", formula[[2L]], 1)
  found <- stats::terms(formula, allowDotAsName = TRUE)
  labels <- labels %||% attr(found, "term.labels")
  list(
    labels = labels, variables = as.list(attr(found, "variables"))[-1L],
    factors = if (length(labels)) {
      attr(found, "factors")[, labels, drop = FALSE]
    }
  )
}

check_one_sided <- function(formula) {
  if (!inherits(formula, "formula")) {
    abort_spec("formula_error", "expected a formula such as ~ 1 + s(x), got ",
               "an object of class '", class(formula)[1L], "'")
  }
  if (length(formula) != 2L) {
    abort_spec("formula_error", "expected a one-sided formula, got '",
               text_of(formula), "': the response is the argument `y`, write '",
               text_of(formula[-2L]), "'")
  }
}

check_no_dot <- function(formula, variables) {
  if (any(vapply(variables, function(v) "." %in% all.vars(v), NA))) {
    abort_spec("formula_error", "'.' in formula '", text_of(formula),
               "' is not supported: name the variables")
  }
}

check_interactions <- function(factors, special_term, labels, formula) {
  order <- if (length(labels)) colSums(factors > 0) else integer()
  bad <- which(special_term & order > 1)
  if (length(bad)) {
    abort_spec("formula_error", "term '", labels[bad[1L]], "' of formula '",
               text_of(formula), "': a smooth, a deep network or another ",
               "special cannot be part of an interaction; use its `by` ",
               "argument where it has one")
  }
}

# A call that is neither a special nor a network must be a function R can find.
check_heads <- function(variables, formula, specials, networks) {
  env <- environment(formula) %||% globalenv()
  for (variable in variables) {
    for (head in called_names(variable)) {
      if (head %in% specials || head %in% networks) {
        abort_spec("formula_error", "'", head, "' is a special or a network ",
                   "and cannot be used inside '", text_of(variable),
                   "' of formula '", text_of(formula), "'")
      }
      if (!exists(head, envir = env, mode = "function")) {
        abort_unknown_special(head, variable, formula, specials, networks)
      }
    }
  }
}

abort_unknown_special <- function(head, call, formula, specials, networks) {
  abort_spec(
    "unknown_special", "'", head, "' in term '", text_of(call),
    "' of formula '", text_of(formula), "' is neither a deep network nor a ",
    "special nor a function. Networks: ", quote_names(networks),
    "; specials: ", quote_names(specials),
    fields = list(special = head, formula = formula)
  )
}

# Names of the functions that an expression calls; pkg::f is taken as given.
called_names <- function(expr) {
  if (!is.call(expr)) return(character())
  head <- call_head(expr)
  if (head %in% c("::", ":::")) return(character())
  inner <- lapply(as.list(expr)[if (nzchar(head)) -1L else TRUE], called_names)
  unique(c(head[nzchar(head)], unlist(inner)))
}

# Formulas against the parameters of the family.
match_formulas <- function(formulas, parameter_names, family) {
  if (inherits(formulas, "formula")) formulas <- list(formulas)
  wanted <- length(parameter_names)
  given <- length(formulas)
  parameters <- paste0("family '", family, "' has ", wanted, " parameter",
                       if (wanted != 1L) "s", " (",
                       quote_names(parameter_names), ")")
  if (given < wanted) {
    abort_spec("formula_count", parameters, ", got ", given, " formula",
               if (given != 1L) "s", ": give one formula per parameter")
  }
  if (given > wanted) {
    warn_spec("formula_count", parameters, ", got ", given, " formulas: the ",
              "last ", given - wanted, " are not used")
  }
  formulas <- formulas[seq_len(wanted)]
  stats::setNames(formulas, parameter_names)
}
