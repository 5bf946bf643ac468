# Symbolic expressions: what the arguments of a user's log-density are while it
# is traced. Each stands for one number per row that does not exist yet, and
# takes part in R's arithmetic. A node is an environment rather than a list, so
# that sapply() and c() keep it whole.

#' A trace: the nodes that one function makes, in the order of their making
#'
#' Mutable: it grows while the function runs.
#' @param words names that stand for arguments of the function.
#' @return A list of the symbols, by name.
#' @noRd
new_symbols <- function(words) {
  trace <- list2env(list(nodes = list()), parent = emptyenv())
  symbols <- lapply(words, function(word) new_node(trace, column = word))
  stats::setNames(symbols, words)
}

new_node <- function(trace, call = NULL, args = list(), column = NULL) {
  node <- list2env(
    list(
      call = call, args = args, column = column, trace = trace,
      id = length(trace$nodes) + 1L
    ),
    parent = emptyenv()
  )
  class(node) <- "symbolic_expression"
  lockEnvironment(node, bindings = TRUE)
  trace$nodes[[node$id]] <- node
  node
}

is_symbolic <- function(x) inherits(x, "symbolic_expression")

any_symbolic <- function(x) any(vapply(x, is_symbolic, NA))

#' A call of one of the engine's functions on expressions and numbers
#' @noRd
graph_call <- function(call, ...) {
  args <- lapply(list(...), as_operand, call = call)
  traces <- lapply(Filter(is_symbolic, args), function(node) node$trace)
  for (trace in traces) {
    if (!identical(trace, traces[[1]])) {
      refuse("`", call, "` of expressions from two different functions")
    }
  }
  new_node(traces[[1]], call, unname(args))
}

#' An expression, or one number
#' @noRd
as_operand <- function(x, call) {
  if (is_symbolic(x)) {
    return(x)
  }
  one <- (is.numeric(x) || is.logical(x)) && length(x) == 1
  if (!one || is.na(x)) {
    refuse("`", call, "` of an expression needs one number or another ",
      "expression (the function is evaluated for one row), got ",
      describe_value(x)
    )
  }
  as.numeric(x)
}

#' @export
print.symbolic_expression <- function(x, ...) {
  cat("<symbolic expression ", if (is.null(x$call)) x$column else
    paste0(x$call, "(...)"), ">\n",
    sep = ""
  )
  invisible(x)
}

# ---- functions ------------------------------------------------------------

#' Functions of the graph that R's arithmetic calls by the same name
#' @noRd
graph_functions <- c(
  "+", "-", "*", "/", "^", "<", "<=", ">", ">=", "==", "exp", "log", "log1p",
  "expm1", "sqrt", "abs", "sin", "cos", "tanh", "lgamma", "digamma"
)

#' Operators and functions that are written with others: a row for each
#' @noRd
symbolic_rules <- list(
  "!=" = function(a, b) 1 - (a == b),
  "&" = function(a, b) (a != 0) * (b != 0),
  "|" = function(a, b) (a != 0) + (b != 0) > 0,
  "!" = function(a) a == 0,
  log2 = function(x) log(x) / log(2),
  log10 = function(x) log(x) / log(10),
  sign = function(x) (x > 0) - (x < 0),
  tan = function(x) sin(x) / cos(x),
  sinpi = function(x) sin(pi * x),
  cospi = function(x) cos(pi * x),
  sinh = function(x) (expm1(x) - expm1(-x)) / 2,
  cosh = function(x) (exp(x) + exp(-x)) / 2,
  # Of positive numbers: what densities have.
  gamma = function(x) exp(lgamma(x)),
  atanh = function(x) (log1p(x) - log1p(-x)) / 2
)

known_functions <- function() {
  unique(c(
    graph_functions, names(symbolic_rules), names(masked_functions),
    "lfactorial", "factorial"
  ))
}

#' Refuse a function that the graph lacks, and list those there are
#' @noRd
refuse_function <- function(name, why = NULL) {
  refuse("the function `", name, "` has no form in the graph", why,
    "; there are ", paste(known_functions(), collapse = " "),
    class = "unknown_function"
  )
}

apply_function <- function(name, args) {
  rule <- symbolic_rules[[name]]
  if (!is.null(rule)) {
    return(do.call(rule, unname(args)))
  }
  if (!name %in% graph_functions) refuse_function(name)
  do.call(graph_call, c(list(name), unname(args)))
}

#' @export
Ops.symbolic_expression <- function(e1, e2) {
  args <- if (missing(e2)) list(e1) else list(e1, e2)
  if (missing(e2) && .Generic == "+") {
    return(e1)
  }
  apply_function(.Generic, lapply(args, as_operand, call = .Generic))
}

#' @export
Math.symbolic_expression <- function(x, ...) {
  apply_function(.Generic, list(x, ...))
}

#' @export
Summary.symbolic_expression <- function(..., na.rm = FALSE) {
  fold_symbolic(.Generic, list(...))
}

#' @export
length.symbolic_expression <- function(x) 1L

#' @export
mean.symbolic_expression <- function(x, ...) {
  refuse("`mean` of one expression: the function is evaluated for one row")
}

# Functions of R that do not dispatch on every argument: what stands in for them
# while a function is traced and an argument is an expression.
masked_functions <- list(
  ifelse = function(test, yes, no) {
    if (is_symbolic(test)) {
      return(graph_call("ifelse", test, yes, no))
    }
    if (isTRUE(as.logical(test))) yes else no
  },
  sum = function(...) fold_symbolic("sum", list(...)),
  prod = function(...) fold_symbolic("prod", list(...)),
  min = function(...) fold_symbolic("min", list(...)),
  max = function(...) fold_symbolic("max", list(...)),
  pmin = function(...) fold_symbolic("pmin", list(...)),
  pmax = function(...) fold_symbolic("pmax", list(...)),
  pnorm = function(q, mean = 0, sd = 1, lower.tail = TRUE, log.p = FALSE) {
    z <- standardised(q, mean, sd)
    graph_call(if (log.p) "log_pnorm" else "pnorm", if (lower.tail) z else -z)
  },
  dnorm = function(x, mean = 0, sd = 1, log = FALSE) {
    z <- standardised(x, mean, sd)
    density <- -z^2 / 2 - base::log(sd) - base::log(2 * pi) / 2
    if (log) density else exp(density)
  },
  plogis = function(q, location = 0, scale = 1, lower.tail = TRUE,
                    log.p = FALSE) {
    z <- standardised(q, location, scale)
    if (!lower.tail) z <- -z
    if (log.p) -graph_call("softplus", -z) else graph_call("plogis", z)
  },
  qlogis = function(p) log(p) - log1p(-p),
  lbeta = function(a, b) graph_call("lbeta", a, b),
  beta = function(a, b) exp(graph_call("lbeta", a, b)),
  lchoose = function(n, k) graph_call("lchoose", n, k),
  choose = function(n, k) exp(graph_call("lchoose", n, k)),
  softplus = function(x) graph_call("softplus", x),
  log_pnorm = function(x) graph_call("log_pnorm", x),
  log_add_exp = function(a, b) graph_call("log_add_exp", a, b)
)

#' (x - location) / scale, without what changes nothing
#' @noRd
standardised <- function(x, location, scale) {
  if (!identical(location, 0)) x <- x - location
  if (identical(scale, 1)) x else x / scale
}

#' Functions of the graph that R has not, of plain numbers
#' @noRd
numeric_functions <- list(
  softplus = function(x) pmax(x, 0) + log1p(exp(-abs(x))),
  log_pnorm = function(x) stats::pnorm(x, log.p = TRUE),
  log_add_exp = function(a, b) pmax(a, b) + log1p(exp(-abs(a - b)))
)

#' sum, prod, max and min of several expressions; of a single one users mean
#' all rows
#' @noRd
fold_symbolic <- function(name, args) {
  rule <- switch(name,
    sum = `+`, prod = `*`,
    max = , pmax = function(a, b) larger("pmax", a, b),
    min = , pmin = function(a, b) larger("pmin", a, b),
    refuse_function(name)
  )
  if (length(args) < 2) {
    refuse("`", name, "` of one expression: the function is evaluated for ",
      "one row, and `", name, "` takes two expressions or more"
    )
  }
  Reduce(rule, args)
}

#' pmin or pmax of two expressions or numbers
#' @noRd
larger <- function(call, a, b) {
  if (is_symbolic(a) || is_symbolic(b)) {
    return(graph_call(call, a, b))
  }
  get(call, baseenv())(a, b)
}
