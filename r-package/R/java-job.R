# Long work: Java does it on a thread of its own, R waits in short calls, so
# that Ctrl-C works and the progress line is R's.

java_wait <- 50L

# Waits for a job and returns what it says, as a list, with its `state` and the
# `numbers` asked for by name (such as "loss" per epoch). `job` is the text that
# a start method returned, `result` the java_result_vector() it writes to.
# When the user interrupts (or anything else unwinds), the job is cancelled, has
# `patience` seconds to leave things in order, and on_interrupt() is called with
# the same kind of list; then the interrupt goes on as always.
java_job <- function(job, result = NULL, progress = FALSE,
                     numbers = character(),
                     on_interrupt = function(outcome) NULL, patience = 10) {
  handle <- java_handle(job, keep = result)
  state <- NULL
  on.exit(suspendInterrupts({
    if (is.null(state)) {
      on_interrupt(java_cancel_job(handle, numbers, patience))
    }
    java_release(handle)
  }))
  state <- java_follow(handle, progress)
  outcome <- java_outcome(handle, state, numbers)
  if (!is.null(result) && !nzchar(result$address)) {
    result$values <- java_call("numbers", handle, "values")
  }
  outcome
}

java_follow <- function(handle, progress) {
  shown <- ""
  on.exit(if (nzchar(shown)) cat("\n", file = stderr()))
  repeat {
    state <- java_poll(handle)
    if (progress) {
      shown <- java_show(state, shown)
    }
    if (state$state != "running") {
      return(state)
    }
  }
}

java_poll <- function(handle) {
  jsonlite::fromJSON(java_call("poll", handle, java_wait))
}

# Throws what the job threw.
java_outcome <- function(handle, state, numbers) {
  outcome <- jsonlite::fromJSON(java_call("result", handle))
  kept <- lapply(numbers, function(name) java_call("numbers", handle, name))
  names(kept) <- numbers
  c(outcome, list(state = state$state, numbers = kept))
}

# After the cancel Java writes no more to R's vector, whatever else the job
# still does. A job that leaves no result has the last state as its outcome.
java_cancel_job <- function(handle, numbers, patience) {
  java_call("cancel", handle)
  end <- proc.time()[["elapsed"]] + patience
  repeat {
    state <- java_poll(handle)
    if (state$state != "running" || proc.time()[["elapsed"]] > end) {
      break
    }
  }
  tryCatch(
    java_outcome(handle, state, numbers),
    deepregression4j_error = function(e) state
  )
}

# Rewrites the line only when it says something new.
java_show <- function(state, shown) {
  line <- java_progress_line(state)
  if (!identical(line, shown) && nzchar(line)) {
    width <- max(nchar(line), nchar(shown))
    cat("\r", formatC(line, width = -width), sep = "", file = stderr())
  }
  line
}

java_progress_line <- function(state) {
  if (state$epochs == 0) {
    return(state$message)
  }
  done <- round(20 * min(1, state$epoch / state$epochs))
  bar <- paste0(strrep("=", done), strrep(" ", 20 - done))
  loss <- unlist(state[c("loss", "val_loss")])
  loss <- sprintf("  %s %s", names(loss), format(loss, digits = 4))
  paste0(
    sprintf("epoch %d/%d [%s]", state$epoch, state$epochs, bar),
    paste(loss, collapse = ""), if (nzchar(state$message)) " ", state$message
  )
}
