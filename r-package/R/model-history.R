#' The history of a fit from what its job has to say
#' @noRd
new_history <- function(outcome, usual = "finished") {
  numbers <- outcome$numbers
  metrics <- list(loss = as.numeric(numbers$loss))
  if (length(numbers$val_loss) > 0) {
    metrics$val_loss <- as.numeric(numbers$val_loss)
  }
  epochs <- length(metrics$loss)
  out <- list(
    metrics = metrics, params = list(epochs = epochs),
    stop = outcome$stop %||% usual, message = end_message(outcome),
    best_epoch = outcome$best_epoch, exact = outcome$exact
  )
  if (length(numbers$weights) > 0) {
    out$weighthistory <- matrix(as.numeric(numbers$weights), ncol = epochs)
  }
  structure(out, class = "deepregression_history")
}

#' What the engine says of the end, or how far the job had come
#' @noRd
end_message <- function(outcome) {
  if (nzchar(outcome$message %||% "") || is.null(outcome$epochs)) {
    return(outcome$message %||% "")
  }
  paste0("stopped in epoch ", outcome$epoch, " of ", outcome$epochs, " after ",
    outcome$batch, " of ", outcome$batches, " batches"
  )
}

#' Methods for the history of a fit
#'
#' @param x a history, as [fit()][fit.deepregression] returns it.
#' @param ... further arguments of `plot()`.
#' @return `as.data.frame()`: columns epoch, metric, data (`"training"`,
#'   `"validation"`), value; the others return `x` invisibly.
#' @examples
#' history <- structure(list(
#'   metrics = list(loss = c(2, 1.5, 1.2), val_loss = c(2.1, 1.7, 1.6)),
#'   params = list(epochs = 3)
#' ), class = "deepregression_history")
#' history
#' plot(history)
#' @name history
NULL

#' @rdname history
#' @export
print.deepregression_history <- function(x, ...) {
  cat("Training history: ", length(x$metrics$loss), " epochs\n", sep = "")
  for (name in names(x$metrics)) {
    values <- x$metrics[[name]]
    if (length(values) == 0) next
    cat("  ", format(name, width = 8), "  last ",
      format(values[length(values)], digits = 6), ", best ",
      format(min(values), digits = 6), " in epoch ", which.min(values)[1], "\n",
      sep = ""
    )
  }
  if (nzchar(x$message %||% "")) {
    cat(strwrap(x$message, 76, indent = 2, exdent = 2), sep = "\n")
  }
  invisible(x)
}

#' @rdname history
#' @export
plot.deepregression_history <- function(x, ...) {
  metrics <- x$metrics
  if (length(metrics$loss) == 0) {
    message("No epochs. Nothing to plot.")
    return(invisible(x))
  }
  settings <- list(...)
  defaults <- list(
    x = seq_along(metrics$loss), y = metrics$loss, type = "l", lwd = 2,
    xlab = "epoch", ylab = "loss",
    ylim = range(unlist(metrics), finite = TRUE)
  )
  do.call(graphics::plot, utils::modifyList(defaults, settings))
  if (!is.null(metrics$val_loss)) {
    graphics::lines(seq_along(metrics$val_loss), metrics$val_loss,
      col = 2, lwd = 2, lty = 2
    )
    graphics::legend("topright", c("training", "validation"),
      col = 1:2, lty = 1:2, lwd = 2, bty = "n"
    )
  }
  invisible(x)
}

#' @rdname history
#' @param row.names,optional ignored; arguments of the generic.
#' @export
as.data.frame.deepregression_history <- function(x, row.names = NULL,
                                                 optional = FALSE, ...) {
  parts <- lapply(names(x$metrics), function(name) {
    values <- x$metrics[[name]]
    held_out <- startsWith(name, "val_")
    data.frame(
      epoch = seq_along(values), metric = rep(sub("^val_", "", name),
        length(values)
      ),
      data = rep(if (held_out) "validation" else "training", length(values)),
      value = values
    )
  })
  do.call(rbind, parts)
}
