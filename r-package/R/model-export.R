#' Export a model to ONNX
#'
#' The file takes raw columns (n rows each) and returns the parameters of the
#' distribution, its mean and standard deviation, and what else is asked for;
#' factors, interactions and smooths are evaluated inside. Terms that have no
#' such form stay inputs: matrices that carry the term's text as their name; a
#' message lists them.
#'
#' @param object a [deepregression()] model.
#' @param path file to write.
#' @param quantiles levels between 0 and 1 of quantiles that the file gives
#'   too, such as `c(0.1, 0.5, 0.9)`; `NULL` for none. Output `quantile`
#'   (n, levels), with m response columns (n, levels * m), the columns of the
#'   first level first.
#' @param log_density `TRUE` adds the output `log_density` (n, 1), the log
#'   density of what one more input, `response` (n, m), holds.
#' @param linear_predictors `TRUE` adds the output `linear_predictors`.
#' @return `path`, invisibly.
#' @section Errors: a level that is not between 0 and 1; quantiles of a family
#'   without a distribution function.
#' @examples
#' \donttest{
#' data(mcycle, package = "MASS")
#' model <- deepregression(mcycle$accel, list(~ 1 + times, ~ 1), data = mcycle)
#' export_onnx(model, tempfile(fileext = ".onnx"), quantiles = c(0.1, 0.9))
#' }
#' @export
export_onnx <- function(object, path, quantiles = NULL, log_density = FALSE,
                        linear_predictors = FALSE) {
  if (!inherits(object, "deepregression")) {
    refuse("export_onnx() needs a deepregression model, got ",
      describe_value(object)
    )
  }
  path <- check_path(path)
  options <- drop_null(list(
    quantiles = if (length(quantiles) > 0) {
      as.list(check_quantile_levels(quantiles, "quantiles"))
    },
    log_density = check_switch(log_density, "log_density"),
    linear_predictors = check_switch(linear_predictors, "linear_predictors")
  ))
  job <- java_call(
    "startExport", engine_model(object), path, to_json(options)
  )
  java_job(job)
  say_external(object)
  invisible(path)
}

check_path <- function(path) {
  if (!is.character(path) || length(path) != 1 || is.na(path)) {
    refuse("path must be one file name, got ", describe_value(path))
  }
  if (dir.exists(path)) refuse("path: '", path, "' is a folder")
  folder <- dirname(path)
  if (!dir.exists(folder)) {
    refuse("path: the folder '", folder, "' does not exist")
  }
  file.path(normalizePath(folder), basename(path))
}

say_external <- function(object) {
  columns <- from_json(object$spec$json)$columns
  external <- Filter(function(column) isTRUE(column$external), columns)
  if (length(external) > 0) {
    names <- vapply(external, function(column) column$name, "")
    shapes <- vapply(external, function(column) {
      if (is.null(column$width)) column$type else paste0("n, ", column$width)
    }, "")
    message("These terms have no form inside the graph and stay inputs, ",
      "columns that the caller evaluates: ",
      paste0("'", names, "' (", shapes, ")", collapse = ", ")
    )
  }
}
