#' Semi-structured deep distributional regression
#'
#' Makes a model in which every parameter of the response distribution has a
#' predictor of structured terms and deep networks. [fit()][fit.deepregression]
#' trains it.
#'
#' The loss is the mean over rows of -log p(y | parameters), plus, for every
#' smooth, lambda/n * w'Sw (without 1/2), plus the regularizers of the layers.
#'
#' @param y response: a numeric or logical vector of length n, or a matrix
#'   (n, output_dim). For families of classes a factor: two levels, the first
#'   of which is 0, for `"bernoulli"`; any for `"multinoulli"`,
#'   `"multinomial"` (which also take a matrix of 0 and 1, a column per class),
#'   `"categorical"`, `"ordered_logit"` and `"ordered_probit"` (which also take
#'   codes 1, 2, ...). Two columns, successes and failures, for `"binomial"`
#'   and `"beta_binomial"`.
#'   Not restricted to the support of the family: `fit()` warns.
#' @param list_of_formulas one-sided formulas, one per parameter of the family
#'   in its order. Too few are an error; further ones are dropped with a
#'   warning.
#' @param list_of_deep_models named list of functions of a tensor, such as
#'   `function(x) x %>% layer_dense(8) %>% layer_dense(1)`, or of sequential
#'   models; their names can be used in the formulas. A single model without a
#'   name is called `d`. A function is called once for each term that uses it,
#'   so that two terms have separate weights unless they share layer objects.
#'   A function of several tensors, `function(a, b)`, takes the term's first
#'   argument as its first input and so on.
#' @param family name of the family, such as `"normal"`, `"log_normal"`,
#'   `"bernoulli"`, `"poisson"`, `"gamma"`: [names_families()] lists them. Or
#'   what [response_family()], [create_family()], [mixture_family()] or
#'   [inflated_family()] made.
#' @param data data frame, or named list of vectors and matrices with n rows.
#'   Rows with NA in the response or in a variable of the formulas are dropped
#'   with a message.
#' @param seed seed of the initial weights and of the shuffling.
#' @param ... `weights`: weights of the n rows in the loss; `trafo_list`: other
#'   links than the family's, see [response_family()].
#' @param penalty_options,orthog_options,weight_options,formula_options results
#'   of `penalty_control()`, `orthog_control()`, `weight_control()`,
#'   `form_control()`.
#' @param output_dim columns of the response, independent given the
#'   predictors, of which each has as many. Families whose columns belong
#'   together (`"multinoulli"`, `"dirichlet"`, `"multivariate_normal"`, ...)
#'   take it from the response.
#' @param optimizer default of `fit(optimizer = )`, see [optimizer_adam()].
#' @param loss `NULL` for the negative log-likelihood, or `"mse"`: the mean
#'   squared error of the first parameter. Only with family `"normal"`; the
#'   scale is then held at 1.
#' @param precision `"float64"` or `"float32"`.
#' @param verbose `TRUE` says what was built.
#' @return A list of class `deepregression`: the specification, the training
#'   data, and an environment `state` that holds the weights, so that `fit()`
#'   changes the model in place. `saveRDS()` keeps everything.
#' @section Errors: an unknown family, variable, network or special, a response
#'   of another length, a network of the wrong width: each names what was
#'   written.
#' @source Ruegamer, Kolb, Klein (2023), semi-structured distributional
#'   regression; Ruegamer et al. (2023), deepregression.
#' @examples
#' \donttest{
#' data(mcycle, package = "MASS")
#' model <- deepregression(
#'   mcycle$accel,
#'   list(loc = ~ 1 + s(times, df = 6), scale = ~ 1),
#'   family = "normal", data = mcycle
#' )
#' fit(model, epochs = 50, verbose = FALSE)
#' coef(model, type = "linear")
#' }
#' @export
deepregression <- function(y, list_of_formulas, list_of_deep_models = NULL,
                           family = "normal", data,
                           seed = as.integer(1991 - 5 - 4), ...,
                           penalty_options = penalty_control(),
                           orthog_options = orthog_control(),
                           weight_options = weight_control(),
                           formula_options = form_control(), output_dim = 1L,
                           optimizer = NULL, loss = NULL,
                           precision = "float64", verbose = FALSE) {
  cl <- match.call()
  mgcv_load(list_of_formulas)
  extra <- model_extras(list(...))
  response <- family_response(y, family, output_dim, extra$trafo_list)
  family <- response$family
  output_dim <- family$response_columns
  formulas <- match_formulas(list_of_formulas, family$parameters, family$name)
  formulas <- formulas_of_loss(formulas, loss, family$name)
  rows <- model_rows(response$y, data, formulas)
  controls <- list(
    penalty = penalty_options, orthog = orthog_options, loss = loss,
    weight = weight_options, form = formula_options, output_dim = output_dim,
    predictor_columns = family$predictor_columns
  )
  spec <- spec_model(
    family, formulas, deep_models(list_of_deep_models), rows$data,
    controls, seed, precision, family$parameters, rows$y
  )
  rows$data <- rows$data[used_variables(formulas, rows$data)]
  object <- new_model(cl, family, formulas, spec, rows, extra, list(
    output_dim = output_dim, optimizer = as_optimizer(optimizer), seed = seed,
    loss = loss, penalty_options = penalty_options
  ))
  if (isTRUE(verbose)) print(object)
  object
}

new_model <- function(cl, family, formulas, spec, rows, extra, settings) {
  weights <- extra$weights
  if (!is.null(weights)) {
    weights <- check_row_weights(weights, rows$given, "weights")[rows$kept]
  }
  object <- structure(
    c(list(
      call = cl, family = family, formulas = formulas, spec = spec,
      data = rows$data, y = rows$y, n = NROW(rows$y), kept = rows$kept,
      given = rows$given,
      row_weights = weights, state = new_state()
    ), settings),
    class = "deepregression"
  )
  keep_weights(object)
  object$layout <- from_json(java_call("describe", engine_model(object)))
  object
}

model_extras <- function(extra) {
  known <- c("weights", "trafo_list")
  given <- names(extra)
  if (is.null(given)) given <- rep("", length(extra))
  unknown <- setdiff(given, known)
  if (length(unknown) > 0) {
    refuse("deepregression() has no argument ",
      paste0("'", ifelse(nzchar(unknown), unknown, "(unnamed)"), "'",
        collapse = ", "
      )
    )
  }
  extra
}

check_row_weights <- function(weights, n, what) {
  if (!is.numeric(weights) || length(weights) != n) {
    refuse(what, " must be ", n, " numbers, one per row, got ",
      describe_value(weights)
    )
  }
  bad <- which(!(weights >= 0 & weights < Inf) | is.na(weights))
  if (length(bad) > 0) {
    refuse(what, " must be finite and not negative, got ", weights[bad[1]],
      " in row ", bad[1], if (length(bad) > 1) {
        paste0(" and ", length(bad) - 1, " more")
      }
    )
  }
  if (all(weights == 0)) {
    refuse(what, " are zero in all ", n, " rows: nothing is left to fit")
  }
  as.double(weights)
}

#' The formulas that a loss needs: the mean squared error has no scale
#' @noRd
formulas_of_loss <- function(formulas, loss, family) {
  if (is.null(loss)) {
    return(formulas)
  }
  if (!identical(loss, "mse")) {
    refuse("loss must be NULL (the likelihood) or \"mse\", got ",
      describe_value(loss)
    )
  }
  if (family != "normal") {
    refuse("loss = \"mse\" is for family 'normal', got '", family, "'")
  }
  if (length(all.vars(formulas$scale)) > 0) {
    message("loss = \"mse\" does not use the formula of the scale, ",
      text_of(formulas$scale)
    )
  }
  formulas$scale <- stats::as.formula("~1", globalenv())
  formulas
}

#' Response and data of the rows that are complete
#' @noRd
model_rows <- function(y, data, formulas) {
  if (missing(data) || is.null(data)) {
    refuse("`data` is missing: give a data frame or a named list")
  }
  rows <- check_data(data, formulas, y)
  rows$given <- NROW(y)
  rows
}

#' The deep models by name; a single one without a name is called "d"
#' @return A named list of lists: `build`, the function, and `inputs`, the names
#'   of its inputs.
#' @noRd
deep_models <- function(models) {
  if (is.function(models)) models <- list(models)
  if (is.null(names(models)) && length(models) == 1) names(models) <- "d"
  names <- names(models)
  if (length(models) > 0 && (is.null(names) || any(!nzchar(names)) ||
    anyDuplicated(names))) {
    refuse("list_of_deep_models must have a name of its own for each model")
  }
  stats::setNames(lapply(names, function(name) {
    deep_model(models[[name]], name)
  }), names)
}

deep_model <- function(model, name) {
  if (!is.function(model)) {
    refuse("deep model '", name, "' must be a function of a tensor, got ",
      describe_value(model)
    )
  }
  arguments <- formals(model)
  needed <- vapply(arguments, function(a) identical(a, quote(expr = )), NA)
  inputs <- setdiff(names(arguments)[needed], "...")
  if (length(inputs) < 2) {
    return(list(build = model, inputs = "input_1"))
  }
  # A function of several tensors: the i-th argument of the term is the i-th.
  list(build = function(tensors) do.call(model, tensors), inputs = inputs)
}
