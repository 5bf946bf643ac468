# Distributions from parameter values: the family with identity links, its
# linear predictors the values.

#' Distributions from parameter values
#'
#' `tfd_distribution()` takes any family by name and its parameters (and
#' options, such as `trials`) by name; the others are shorthands for it. Where
#' they have several sets of arguments, such as `logits` or `probs`, give one.
#'
#' Parameters mean what they mean in [deepregression()], on the response scale;
#' their domain is the range of their link there.
#'
#' @param family name of a family, or a family object.
#' @param ... parameters by name, and options of the family.
#' @param output_dim columns m of the response; needed only where parameters do
#'   not show it: for multivariate_normal and for binomial without `trials`.
#' @param loc,scale,logits,probs,concentration1,concentration0,mu,sigma,df
#'   parameters: one number for all rows, a vector of length n, or a matrix
#'   (n, m) for m response columns. Of families whose columns belong together
#'   (dirichlet, multinoulli, ...) a vector is the m columns of one row.
#' @param rate,log_rate,concentration,total_count,low,high,prob,lambda,r,mode
#'   as above.
#' @param shape,skewness,tailweight,dispersion,power_above_one as above.
#' @param direction as above.
#' @param mixing_concentration,mixing_rate,logit_at_0,logit_at_1 as above.
#' @param trials,power options: one number.
#' @return An object of class `response_distribution`, see [get_distribution()].
#' @section Domain: parameters whose link is exp or softplus are positive, those
#'   of the sigmoid strictly between 0 and 1, those of the softmax positive with
#'   sum one in each row, others finite. NA gives NA.
#' @section Errors: a parameter that is missing, unknown, of another length or
#'   outside its domain, by name.
#' @examples
#' \donttest{
#' tfd_distribution("normal", loc = 1:3, scale = 2)
#' tfd_mean(tfd_gamma(concentration = 2, rate = c(1, 4)))
#' tfd_prob(tfd_bernoulli(logits = 0.5), 1)
#' tfd_quantile(tfd_distribution("binomial", logits = 0, trials = 10), 0.5)
#' }
#' @export
tfd_distribution <- function(family, ..., output_dim = NULL) {
  values <- drop_null(list(...))
  name <- names(values)
  if (length(values) > 0 && (is.null(name) || any(!nzchar(name)))) {
    refuse("tfd_distribution(): every parameter needs its name")
  }
  options <- if (is.character(family)) {
    intersect(name, option_names(family_entry(family)))
  }
  if (length(options) > 0) {
    family <- do.call(response_family, c(list(family), values[options]))
  }
  family <- find_family(family)
  parameters <- values[setdiff(name, options)]
  if (any_symbolic(parameters)) {
    return(symbolic_distribution(family, parameters))
  }
  distribution_of_parameters(resolve_family(family), parameters, output_dim)
}

#' @param family of class `response_family`, described by the engine.
#' @param values named list of parameters.
#' @noRd
distribution_of_parameters <- function(family, values, output_dim = NULL) {
  # Every family takes a response of two columns; how many there are is not
  # known before the parameters are.
  shape <- describe_family(family$spec, 2L)
  check_parameter_names(shape, names(values), family$name)
  values <- Map(parameter_matrix, values[shape$parameters], shape$parameters,
    shape$links, is_row = shape$is_multivariate && shape$predictor_columns > 1
  )
  told <- describe_family(
    with_identity_links(family$spec),
    value_output_dim(shape, values, output_dim)
  )
  told$name <- family$name
  eta <- recycled_parameters(values, told)
  check_parameter_order(told, eta)
  new_distribution(told, eta)
}

check_parameter_names <- function(family, given, name) {
  expected <- family$parameters
  if (!setequal(given, expected) || anyDuplicated(given)) {
    refuse("family '", name, "' has the parameters ",
      quote_names(expected), ", got ", quote_names(given)
    )
  }
}

#' Families whose first parameter must be below the second
#' @noRd
ordered_parameters <- "uniform"

#' @param values (n, q*r).
#' @noRd
check_parameter_order <- function(family, values) {
  if (!family$name %in% ordered_parameters) {
    return(invisible())
  }
  r <- seq_len(family$predictor_columns)
  wrong <- which(values[, r] >= values[, max(r) + r])
  if (length(wrong) > 0) {
    refuse("family '", family$name, "': ", family$parameters[[1]],
      " must be below ", family$parameters[[2]], ", got ",
      values[, r][wrong[1]], " and ", values[, max(r) + r][wrong[1]]
    )
  }
}

#' The family whose linear predictors are its parameters; of mixtures and
#' inflated families those of every component
#' @noRd
with_identity_links <- function(spec) {
  if (!is.list(spec)) spec <- list(name = spec)
  spec <- inflated_specs[[spec$name]] %||% spec
  if (spec$name %in% c("mixture", "inflated")) {
    spec$components <- lapply(spec$components, with_identity_links)
    spec$links <- NULL
  } else {
    parameters <- describe_family(spec, 2L)$parameters
    spec$links <- as.list(rep("identity", length(parameters)))
  }
  spec
}

#' Columns of the response: those of the widest parameter, unless that does not
#' tell
#' @noRd
value_output_dim <- function(family, values, output_dim) {
  columns <- max(vapply(values, ncol, 1L))
  if (family$is_multivariate && family$predictor_columns == 1) {
    if (is.null(output_dim) && !is.null(as.list(family$spec)$dimension)) {
      return(dimension_of(family$spec))
    }
    if (is.null(output_dim)) {
      refuse("family '", family$name, "' needs output_dim, the columns of its ",
        "response"
      )
    }
    return(check_whole(output_dim, "output_dim"))
  }
  if (!is.null(output_dim) && columns > 1 && columns != output_dim) {
    refuse("parameters have ", columns, " columns, but output_dim is ",
      describe_value(output_dim)
    )
  }
  check_whole(output_dim, "output_dim") %||% columns
}

#' The domains of links: a row per link, what its range is, and the test
#' @noRd
link_domains <- list(
  identity = list(says = "finite", test = is.finite),
  exp = list(says = "positive", test = function(x) x > 0 & is.finite(x)),
  sigmoid = list(
    says = "strictly between 0 and 1", test = function(x) x > 0 & x < 1
  ),
  softmax = list(
    says = "positive with sum one in each row",
    test = function(x) x > 0 & abs(rowSums(x) - 1) < 1e-8
  )
)
link_domains$exp_neg <- link_domains$exp
link_domains$softplus <- link_domains$exp

#' A parameter as a matrix of one row or n, in its domain
#' @param is_row a vector is the columns of one row.
#' @noRd
parameter_matrix <- function(value, name, link, is_row) {
  value <- number_values(value, name)
  if (!is.matrix(value)) {
    value <- if (is_row) matrix(value, 1) else matrix(value, ncol = 1)
  }
  if (ncol(value) == 0) refuse(name, ": expected a column or more, got none")
  domain <- link_domains[[link]] %||% link_domains$identity
  bad <- which(!is.na(value) & !domain$test(value))
  if (length(bad) > 0) {
    refuse(name, " must be ", domain$says, ", got ", format(value[bad[1]]),
      if (nrow(value) > 1) paste0(" in row ", (bad[1] - 1) %% nrow(value) + 1)
    )
  }
  value
}

#' Parameters side by side, each recycled to n rows and its columns
#' @noRd
recycled_parameters <- function(values, family) {
  columns <- family$predictor_columns
  rows <- vapply(values, nrow, 1L)
  n <- if (any(rows != 1)) rows[rows != 1][1] else 1L
  parts <- Map(function(value, name) {
    check_size(nrow(value), n, name, "row")
    check_size(ncol(value), columns, name, "column")
    value[rep_len(seq_len(nrow(value)), n),
      rep_len(seq_len(ncol(value)), columns),
      drop = FALSE
    ]
  }, values, names(values))
  do.call(cbind, unname(parts))
}

#' One or `most`
#' @noRd
check_size <- function(size, most, name, unit) {
  if (!size %in% c(1, most)) {
    refuse(name, " has ", size, " ", unit, "s, expected ",
      if (most != 1) "1 or ", most
    )
  }
}
