# lasso(x, la), grlasso(x, la), ridge(x, la): linear terms whose coefficients
# are shrunk. With n rows the objective gains 2 (la / n) sum |b|, for grlasso
# 2 (la / n) sqrt(sum b^2) over the whole term, for ridge (la / n) sum b^2;
# 1 / n is penalty_control(sp_scale).
lasso_term <- function(parsed, context) {
  sparse_term(parsed, context, function(p) seq_len(p) - 1L)
}

grlasso_term <- function(parsed, context) {
  sparse_term(parsed, context, function(p) integer(p))
}

sparse_term <- function(parsed, context, groups) {
  args <- shrinkage_arguments(parsed, context)
  term <- joint_term(parsed, args$x, context)
  term$spec$sparsity <- list(
    groups = as.list(groups(term$ncol)), lambda = exact_number(2 * args$la),
    scale = exact_number(context$sp_scale)
  )
  term
}

# Factors enter as their integer codes, so each variable has one coefficient;
# term_weights() adds `ridge` to the term's regularizer.
ridge_term <- function(parsed, context) {
  args <- shrinkage_arguments(parsed, context)
  term <- joint_term(parsed, args$x, context, code_component)
  term$ridge <- args$la * context$sp_scale
  term
}

# `x`, a variable or the sum of several, and the number `la`.
shrinkage_arguments <- function(parsed, context) {
  call <- tryCatch(
    match.call(function(x, la = 0.1) NULL, parsed$call),
    error = function(e) {
      abort_spec("term_error", "term '", parsed$name, "': expected ",
                 parsed$head, "(x, la = 0.1), with x a variable or a sum of ",
                 "variables such as a + b")
    }
  )
  if (is.null(call$x) || is.numeric(call$x)) {
    abort_spec("term_error", "term '", parsed$name, "' names no variable")
  }
  la <- if (is.null(call$la)) 0.1 else eval(call$la, context$env)
  if (!is.numeric(la) || length(la) != 1L || !isTRUE(la >= 0 && la < Inf)) {
    abort_spec("term_error", "term '", parsed$name, "': expected `la` to be ",
               "one number >= 0, got ", text_of(la))
  }
  list(x = call$x, la = la)
}

# A factor as its codes 1, 2, ...; anything else as in linear terms.
code_component <- function(expr, coding, context, term) {
  component <- build_component(expr, coding, context, term)
  if (is.null(component$levels)) return(component)
  codes <- column(seq_along(component$levels))
  component$spec$contrasts <- codes
  component$contrasts <- codes
  component$labels <- text_of(expr)
  component
}
