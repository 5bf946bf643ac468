#' A family of one's own
#'
#' From a log-density in R's arithmetic, or from one of the `tfd_` distributions
#' with parameters of one's own. Custom families are trained, solved exactly,
#' predicted with, exported and saved as all others.
#'
#' `log_density` is called once, with symbolic expressions in place of numbers:
#' each stands for the value of one row. It may use loops, local variables, own
#' functions and constants from where it was written, and of R's functions
#' `+ - * / ^`, comparisons, `! & |`, `exp log log1p expm1 sqrt abs sign sin cos
#' tan sinh cosh tanh atanh lgamma digamma lfactorial lbeta lchoose`, for
#' positive numbers `gamma factorial beta choose`,
#' `ifelse pmin pmax`, `pnorm dnorm plogis qlogis`; `softplus(x)` = log(1 +
#' exp(x)), `log_pnorm(x)` and `log_add_exp(a, b)` = log(exp(a) + exp(b)), all
#' without overflow. `sum`, `prod`, `min` and `max` take several expressions.
#'
#' Both branches of `ifelse()` are differentiated: where the other branch is
#' infinite or not a number its derivative may be so too, so keep it harmless,
#' as in `ifelse(y > 0, log(pmax(y, 1e-300)), 0)`.
#'
#' A log-density may have kinks, as that of Laplace, if they come from `abs()`, or
#' from `pmax()` or `pmin()` of two expressions of the parameters: fits find the
#' optimum there. The kinks of `ifelse()` go unnoticed.
#'
#' @param tfd_dist function of the parameters that returns a distribution:
#'   `tfd_normal` itself, or for example
#'   `function(loc, scale) tfd_student_t_ls(df = 4, loc = loc, scale = scale)`.
#'   Its arguments are expressions as those of `log_density`.
#' @param trafo_list how linear predictors become parameters, one entry per
#'   parameter as in [response_family()]; with `log_density` all are needed.
#' @param output_dim columns of the response, independent given the predictors.
#' @param log_density function of `y` and the parameters, as in
#'   `function(y, loc, scale)`, in the order of the formulas; arguments with a
#'   default are constants.
#' @param support where responses live, one of the words in
#'   `names_families()$support`. `fit()` warns of others.
#' @param mean,stddev functions of the parameters; without them predictions of
#'   the mean and the standard deviation are NaN.
#' @param cdf function of `y` and the parameters: P(Y <= y). Gives quantiles and
#'   samples too, which are found by inverting it.
#' @param name how printed output calls the family.
#' @return A `response_family`.
#' @section Errors: a function that the graph lacks (with a list of those there
#'   are), a result that is no expression of one row, a parameter that the
#'   density does not use, a link too few.
#' @examples
#' \donttest{
#' logistic <- create_family(
#'   log_density = function(y, loc, scale) {
#'     z <- (y - loc) / scale
#'     -z - 2 * log1p(exp(-z)) - log(scale)
#'   },
#'   trafo_list = list("identity", "exp"),
#'   mean = function(loc) loc,
#'   stddev = function(scale) scale * pi / sqrt(3),
#'   name = "my_logistic"
#' )
#' data(mcycle, package = "MASS")
#' model <- deepregression(mcycle$accel, list(~ 1 + times, ~ 1),
#'   family = logistic, data = mcycle
#' )
#' fit(model, verbose = FALSE)
#' logLik(model)
#'
#' # Student's t with four degrees of freedom.
#' create_family(
#'   function(loc, scale) tfd_student_t(df = 4, loc = loc, scale = scale),
#'   trafo_list = list("identity", "exp"), name = "t4"
#' )
#' }
#' @export
create_family <- function(tfd_dist = NULL, trafo_list = NULL, output_dim = 1L,
                          log_density = NULL, support = "real", mean = NULL,
                          stddev = NULL, cdf = NULL, name = "custom") {
  if (is.null(tfd_dist) == is.null(log_density)) {
    refuse("create_family() needs either `tfd_dist` or `log_density`")
  }
  output_dim <- check_whole(output_dim, "output_dim")
  if (!is.null(tfd_dist)) {
    return(composed_family(tfd_dist, trafo_list, output_dim, name))
  }
  parameters <- parameters_of(log_density)
  spec <- list(
    name = "custom", label = name, support = support,
    parameters = lapply(parameters, function(p) list(name = p)),
    log_density = density_expr(log_density, parameters),
    mean = part_expr(mean, "mean", parameters),
    stddev = part_expr(stddev, "stddev", parameters),
    cdf = part_expr(cdf, "cdf", c("y", parameters)),
    links = links_of(trafo_list, parameters)
  )
  new_family(drop_null(spec), name, output_dim = output_dim)
}

#' Arguments of a function that have no default
#' @noRd
needed_arguments <- function(f, what) {
  if (!is.function(f)) {
    refuse(what, " must be a function, got ", describe_value(f))
  }
  arguments <- formals(args(f))
  needed <- vapply(arguments, function(a) identical(a, quote(expr = )), NA)
  setdiff(names(arguments)[needed], "...")
}

#' The parameters of a family: the arguments of its density after y
#' @noRd
parameters_of <- function(log_density) {
  what <- "create_family(log_density)"
  words <- needed_arguments(log_density, what)
  if (!identical(words[1], "y") || length(words) < 2) {
    refuse(what, " must be a function of y and the parameters, as in ",
      "function(y, loc, scale); its arguments are ", quote_names(words)
    )
  }
  words[-1]
}

density_expr <- function(log_density, parameters) {
  what <- "create_family(log_density)"
  words <- c("y", parameters)
  traced <- expr_of(trace_function(log_density, new_symbols(words), what))
  check_all_used(words, traced, what)
  traced
}

#' EXPR of mean, stddev or cdf, which may be a constant and take fewer arguments
#' @noRd
part_expr <- function(f, argument, words) {
  if (is.null(f)) {
    return(NULL)
  }
  what <- paste0("create_family(", argument, ")")
  unknown <- setdiff(needed_arguments(f, what), words)
  if (length(unknown) > 0) {
    refuse(what, " has the argument ", quote_names(unknown), "; there are ",
      quote_names(words)
    )
  }
  taken <- intersect(names(formals(args(f))), words)
  expr_of(trace_function(f, new_symbols(words)[taken], what, constant = TRUE))
}

# ---- of distributions -----------------------------------------------------

#' A family from a function that returns a distribution
#' @noRd
composed_family <- function(tfd_dist, trafo_list, output_dim, name) {
  what <- "create_family(tfd_dist)"
  parameters <- needed_arguments(tfd_dist, what)
  if (length(parameters) == 0) {
    refuse(what, " has no argument without a default: name the parameters, as ",
      "in function(logits) tfd_bernoulli(logits = logits)"
    )
  }
  made <- trace_distribution(tfd_dist, parameters, what)
  arguments <- lapply(made$arguments, expr_of)
  check_all_used(parameters, arguments, what)
  if (identical(unname(arguments), lapply(parameters, as_column)) &&
    identical(names(arguments), parameters)) {
    return(new_family(made$spec, name, trafo_list, output_dim = output_dim))
  }
  new_family(list(
    name = "composed", label = name,
    parameters = lapply(parameters, function(p) list(name = p)),
    components = list(made$spec), arguments = unname(arguments),
    links = links_of(trafo_list, parameters)
  ), name, output_dim = output_dim)
}

#' What a function of parameters returns, as symbolic_distribution() makes it
#' @noRd
trace_distribution <- function(tfd_dist, parameters, what) {
  made <- call_traced(tfd_dist, new_symbols(parameters), what)
  if (!inherits(made, "symbolic_distribution")) {
    refuse(what, " must return a distribution that depends on its arguments, ",
      "got ", describe_value(made)
    )
  }
  made
}

check_all_used <- function(words, expr, what) {
  unused <- setdiff(words, columns_in(expr))
  if (length(unused) > 0) {
    refuse(what, " does not depend on ", quote_names(unused))
  }
}

as_column <- function(name) list(column = name)

#' A distribution with expressions for parameters: what tfd_distribution() makes
#' while create_family() traces
#' @param arguments named list of expressions and numbers, one per parameter.
#' @noRd
symbolic_distribution <- function(family, arguments) {
  told <- describe_family(family$spec, 2L)
  check_parameter_names(told, names(arguments), family$name)
  arguments <- arguments[told$parameters]
  arguments <- Map(as_operand, arguments, names(arguments))
  structure(list(spec = family$spec, arguments = arguments),
    class = "symbolic_distribution"
  )
}

#' A mixture of distributions of which some have expressions for parameters
#' @param weights K expressions or numbers.
#' @noRd
symbolic_mixture <- function(weights, components) {
  weights <- Map(as_operand, as.list(weights), "tfd_mixture")
  if (length(weights) != length(components)) {
    refuse("cat: expected a weight for each of ", length(components),
      " components, got ", length(weights)
    )
  }
  parts <- lapply(components, symbolic_component)
  spec <- list(name = "mixture", components = lapply(parts, `[[`, "spec"))
  odds <- lapply(weights[-1], function(w) log(w) - log(weights[[1]]))
  arguments <- c(odds, unlist(lapply(parts, `[[`, "arguments"),
    recursive = FALSE
  ))
  names(arguments) <- describe_family(spec)$parameters
  symbolic_distribution(new_family(spec, "mixture"), arguments)
}

#' A component of constants has them in its linear predictors
#' @noRd
symbolic_component <- function(component) {
  if (inherits(component, "symbolic_distribution")) {
    return(component)
  }
  check_distribution(component, "components: tfd_mixture()")
  if (component$n != 1) {
    refuse("components: constants must be single numbers, got ", component$n)
  }
  list(spec = component$family$spec, arguments = as.list(component$eta[1, ]))
}
