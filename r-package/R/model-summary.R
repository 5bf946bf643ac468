#' Weights of terms and networks; smoothing parameters and what
#' orthogonalisation moved are kept beside them, but are none
#' @noRd
count_weights <- function(object) {
  sizes <- vapply(object$layout$parameters, function(entry) {
    if (grepl("^(lambda|moved)/", entry$term)) 0 else entry$rows * entry$columns
  }, 0)
  sum(sizes)
}

#' @export
print.deepregression <- function(x, ...) {
  cat(model_title(x), "\n", sep = "")
  parameters <- unlist(x$family$parameters)
  for (i in seq_along(parameters)) {
    text <- text_of(x$formulas[[i]])
    cat("  ", format(parameters[i], width = max(nchar(parameters))), " ",
      substr(text, 1, 66), if (nchar(text) > 66) " ...", "\n",
      sep = ""
    )
  }
  cat("Rows: ", x$n, ". Total params: ", count_weights(x), "\n",
    sep = ""
  )
  cat("State: ", training_state(x), "\n", sep = "")
  invisible(x)
}

model_title <- function(x) {
  paste0("Model: ", class(x)[1], ", family '", x$family$name, "'")
}

training_state <- function(x) {
  state <- x$state
  if (state$status == "not trained") {
    return("not trained, use fit()")
  }
  metrics <- state$history$metrics
  last <- function(name) {
    value <- metrics[[name]]
    if (length(value)) {
      paste0(", ", name, " ", format(value[length(value)], digits = 5))
    }
  }
  paste0(state$status, ", ", state$epochs, " epochs", last("loss"),
    last("val_loss")
  )
}

#' Summary of a model
#'
#' For a fitted model coefficients have standard errors and tests of being
#' zero; smooths have effective degrees of freedom and Wood's (2013a) test of
#' being zero. Smooths that their penalty shrinks to zero, random effects among
#' them, have his test of a variance (2013b), in which other random effects
#' vary. [inference] says what counts as known.
#'
#' Both tables are those of [mgcv::summary.gam()] for families of mgcv without a
#' scale, and for those whose scale has a predictor, as it has here
#' ([mgcv::gaulss()], [mgcv::gammals()]). Where [mgcv::gam()] estimates a
#' constant scale instead, it divides by n - edf what is divided by n here, and
#' has t and F tests: with r the ratio of its variance to ours, `z` is
#' `t sqrt(r)`, `Chi.sq` is `F Ref.df r`. For a normal response the rest agrees
#' up to the penalty's part in the correlation of location and scale (below
#' 1 %); for a Gamma response mgcv has the expected information, here it is the
#' observed one.
#'
#' @param object a [deepregression()] model.
#' @param x a summary.
#' @param ... not used.
#' @return A list of class `summary.deepregression`: `coefficients` (per
#'   parameter a matrix, one row per coefficient of the linear terms: Estimate,
#'   Std. Error, z value, Pr(>|z|), the last three NA for coefficients that are
#'   held fixed), `smooths` (per parameter a data frame: term, edf, Ref.df,
#'   Chi.sq, p-value), `family`, `n`, `weights` (their number), `state`, `notes`
#'   (what to know of the fit), `log_likelihood`, `df`. Before the fit
#'   coefficients have estimates only, and smooths `columns` and `df`: what
#'   their penalty stands for, 2 tr(H) - tr(HH) with H the hat matrix of the
#'   penalised basis, or the number of columns without a penalty.
#' @source Wood (2013a), On p-values for smooth components of an extended
#'   generalized additive model, Biometrika 100, 221-228. Wood (2013b), A simple
#'   test for random effects in regression models, Biometrika 100, 1005-1010.
#' @examples
#' \donttest{
#' data(mcycle, package = "MASS")
#' model <- deepregression(
#'   mcycle$accel, list(~ 1 + s(times, df = 6), ~ 1), data = mcycle
#' )
#' fit(model, verbose = FALSE)
#' summary(model)
#' }
#' @export
summary.deepregression <- function(object, ...) {
  parameters <- unlist(object$family$parameters)
  per_parameter <- function(f) {
    stats::setNames(lapply(parameters, f), parameters)
  }
  found <- if (object$state$status != "not trained") inference(object)
  smooths <- if (is.null(found)) smooth_table else smooth_tests
  structure(list(
    title = model_title(object),
    coefficients = per_parameter(function(p) linear_table(object, p, found)),
    smooths = per_parameter(function(p) smooths(object, p, found)),
    family = object$family$name, n = object$n,
    weights = count_weights(object), state = training_state(object),
    notes = summary_notes(object, found),
    log_likelihood = if (has_likelihood(object)) found$log_likelihood,
    df = sum(found$edf)
  ), class = "summary.deepregression")
}

#' Standard errors that are this far from the optimum do not show
#' @noRd
close_to_optimum <- 0.01

summary_notes <- function(object, found) {
  if (is.null(found)) {
    return(character())
  }
  exact <- object$state$exact
  how <- if (found$conditional) {
    paste(
      "Standard errors are conditional on the deep part after",
      "orthogonalisation."
    )
  } else if (is.null(exact)) {
    "Trained by gradient descent."
  } else {
    paste0("Exact solution, ", if (!isTRUE(exact$converged)) "not ",
      "converged in ", exact$iterations, " iterations."
    )
  }
  far <- distance_note(found, found$conditional || is.null(exact))
  # What is not identified is said of the present weights, once.
  of_fit <- grep("^not identified", unlist(exact$notes), value = TRUE,
    invert = TRUE
  )
  unique(c(how, far, of_fit, found$notes))
}

#' @param always `TRUE` says also that the optimum is reached.
#' @noRd
distance_note <- function(found, always) {
  if (!isTRUE(found$distance < close_to_optimum)) {
    paste0(
      "The coefficients are ", format(found$distance, digits = 2),
      " standard errors from the optimum",
      if (found$conditional) " given the deep part", "."
    )
  } else if (always) {
    "The coefficients are at the optimum."
  }
}

linear_table <- function(object, parameter, found = NULL) {
  coefs <- coef.deepregression(object, parameter, "linear")
  rows <- Map(function(values, term) {
    labels <- rownames(values)
    if (is.null(labels)) {
      number <- if (nrow(values) > 1) seq_len(nrow(values))
      rownames(values) <- paste0(term, number)
    }
    values
  }, coefs, names(coefs))
  out <- do.call(rbind, unname(rows))
  if (is.null(out)) out <- matrix(0, 0, predictor_columns(object))
  colnames(out) <- if (ncol(out) == 1) "Estimate"
  if (is.null(found)) out else with_tests(out, coefs, parameter, found)
}

#' Estimates with standard error, z and p; columns of the predictor below each
#' other
#' @noRd
with_tests <- function(estimates, coefs, parameter, found) {
  columns <- seq_len(ncol(estimates))
  blocks <- lapply(columns, function(column) {
    estimate <- unname(estimates[, column])
    index <- unlist(Map(function(values, term) {
      term_index(found, parameter, term, column) %||%
        rep(NA_integer_, nrow(values))
    }, coefs, names(coefs)))
    se <- standard_errors(found)[index]
    z <- estimate / se
    cbind(
      Estimate = estimate, "Std. Error" = se, "z value" = z,
      "Pr(>|z|)" = 2 * stats::pnorm(-abs(z))
    )
  })
  out <- do.call(rbind, blocks)
  suffix <- if (length(columns) > 1) {
    paste0("_", rep(columns, each = nrow(estimates)))
  }
  rownames(out) <- paste0(rep(rownames(estimates), length(columns)), suffix)
  out
}

smooth_table <- function(object, parameter, found = NULL) {
  predictor <- model_predictor(object, parameter)
  terms <- predictor$terms[smooth_names(predictor)]
  data.frame(
    term = as.character(names(terms)),
    columns = vapply(terms, function(term) length(term$labels), 0L),
    df = vapply(terms, function(term) penalty_df(
      effect_design(object, term), total_penalty(term)
    ), 0),
    row.names = NULL
  )
}

#' Degrees of freedom that a penalty stands for: 2 tr(H) - tr(HH) with
#' H = X (X'X + P)^-1 X'; the rank of X without a penalty
#' @noRd
penalty_df <- function(design, penalty) {
  if (is.null(penalty) || all(penalty == 0)) {
    return(as.numeric(qr(design)$rank))
  }
  cross <- crossprod(design)
  # A little of the penalty makes X'X + P positive definite, as for lambda.
  ridge <- 1e-9 * penalty + diag(1e-12 * max(diag(cross)), ncol(cross))
  hat <- solve(cross + penalty + ridge, cross, tol = 0)
  2 * sum(diag(hat)) - sum(hat * t(hat))
}

#' sum_i lambda_i S_i of a term, NULL without a penalty
#' @noRd
total_penalty <- function(term) {
  if (length(term$penalty$lambdas) == 0) {
    return(NULL)
  }
  Reduce(`+`, Map(`*`, term$penalty$lambdas, term$penalty$matrices))
}

#' @rdname summary.deepregression
#' @export
print.summary.deepregression <- function(x, ...) {
  cat(x$title, "\n", sep = "")
  for (parameter in names(x$coefficients)) {
    cat("\nParameter '", parameter, "'\n", sep = "")
    print_coefficients(x$coefficients[[parameter]])
    print_smooths(x$smooths[[parameter]])
  }
  cat("\nRows: ", x$n, ". Total params: ", x$weights, sep = "")
  if (!is.null(x$log_likelihood)) {
    cat(". Log-likelihood: ", format(x$log_likelihood, digits = 6), " (df ",
      format(x$df, digits = 4), ")", sep = ""
    )
  }
  cat("\nState: ", x$state, "\n", sep = "")
  for (note in x$notes) cat(strwrap(note, 78, exdent = 2), sep = "\n")
  invisible(x)
}

print_coefficients <- function(table) {
  if (nrow(table) == 0) {
    return(invisible())
  }
  if (ncol(table) < 4 || colnames(table)[2] != "Std. Error") {
    return(print(table))
  }
  stats::printCoefmat(table, digits = 4, signif.legend = FALSE, na.print = "")
}

print_smooths <- function(table) {
  if (nrow(table) == 0) {
    return(invisible())
  }
  if (!is.null(table$edf)) {
    table$edf <- round(table$edf, 3)
    table$Ref.df <- round(table$Ref.df, 3)
    table$Chi.sq <- signif(table$Chi.sq, 4)
    table[["p-value"]] <- format.pval(table[["p-value"]], digits = 3)
  }
  print(table, row.names = FALSE, digits = 4)
}
