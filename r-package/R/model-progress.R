#' What to do with each report of a running fit
#'
#' On a terminal one line is redrawn; elsewhere about ten lines are written.
#'
#' @param reached environment whose `epoch` counts the finished epochs.
#' @return A function of the report (a list: epoch, epochs, batch, batches,
#'   loss, val_loss).
#' @noRd
fit_progress <- function(reached, verbose, live = is_live()) {
  shown <- 0
  function(report) {
    epoch <- report$epoch %||% 0
    reached$epoch <- epoch
    if (!verbose) {
      return(invisible())
    }
    step <- if (live) 0 else max(1, (report$epochs %||% 10) / 10)
    if (live || epoch >= shown + step) {
      shown <<- epoch
      cat(if (live) "\r", progress_line(report), if (!live) "\n", sep = "")
      utils::flush.console()
    }
  }
}

is_live <- function() interactive() || isatty(stdout())

progress_line <- function(report, width = 24) {
  epochs <- max(1, report$epochs %||% 1)
  batches <- max(1, report$batches %||% 1)
  done <- (report$epoch %||% 0) + (report$batch %||% 0) / batches
  filled <- round(width * min(1, done / epochs))
  metric <- function(name) {
    value <- report[[name]]
    if (is.numeric(value)) paste0("  ", name, " ", format(value, digits = 5))
  }
  paste0(
    "epoch ", report$epoch %||% 0, "/", report$epochs %||% "?", " [",
    strrep("=", filled), strrep(" ", width - filled), "]",
    metric("loss"), metric("val_loss"), " "
  )
}

cat_line <- function(verbose) if (verbose && is_live()) cat("\n")
