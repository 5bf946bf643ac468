#' Export a model to ONNX
#'
#' The file takes raw columns (n rows each) and returns the parameters of the
#' distribution and its mean; factors, interactions and smooths are evaluated
#' inside. Terms that have no such form stay inputs: matrices that carry the
#' term's text as their name; a message lists them.
#'
#' @param object a [deepregression()] model.
#' @param path file to write.
#' @param ... options for the engine, named.
#' @return `path`, invisibly.
#' @examples
#' \donttest{
#' data(mcycle, package = "MASS")
#' model <- deepregression(mcycle$accel, list(~ 1 + times, ~ 1), data = mcycle)
#' export_onnx(model, tempfile(fileext = ".onnx"))
#' }
#' @export
export_onnx <- function(object, path, ...) {
  if (!inherits(object, "deepregression")) {
    refuse("export_onnx() needs a deepregression model, got ",
      describe_value(object)
    )
  }
  path <- check_path(path)
  options <- list(...)
  named <- !is.null(names(options)) && all(nzchar(names(options)))
  if (length(options) > 0 && !named) {
    refuse("export_onnx(): options in `...` must be named")
  }
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
