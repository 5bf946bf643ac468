# The one function that crosses to Java, and what it does with failures.

# JNI return types of the facade's methods that do not return a string.
java_returns <- c(
  release = "Z", cancel = "Z", setWeights = "Z", warmUp = "Z",
  openHandles = "I", importedBytes = "D", weights = "[D", numbers = "[D",
  distributionColumns = "D"
)

# Calls a method of the facade. Strings and numbers of length 1 go as scalars,
# handles as their text, NULL as "" (none), java_array(x) as an array.
# Failures become conditions of class deepregression4j_error_<code>.
java_call <- function(method, ...) {
  facade <- java_facade()
  java_sweep(facade)
  returns <- java_returns[method]
  returns <- if (is.na(returns)) "S" else unname(returns)
  args <- lapply(list(...), java_argument)
  tryCatch(
    seam_call(facade, returns, method, args),
    error = function(e) java_fail(e)
  )
}

java_facade <- function() {
  if (is.null(java_session$facade)) {
    java_start()
  }
  if (java_session$pid != Sys.getpid()) {
    java_stop(paste0(
      "Java does not survive a fork: this process was forked from the one ",
      "that loaded deepregression4j.\nUse separate processes instead, ",
      "e.g. parallel::makePSOCKcluster() or future::plan(multisession)."
    ), "forked")
  }
  java_session$facade
}

# Handles that were garbage collected are released here rather than in their
# finalizer, which may run in the middle of another call.
java_sweep <- function(facade) {
  abandoned <- java_session$abandoned
  if (length(abandoned) > 0L) {
    java_session$abandoned <- character()
    for (id in abandoned) {
      seam_call(facade, "Z", "release", list(id))
    }
  }
  java_lent()
}

# Lets go of vectors that Java gave back; how many it still has.
java_lent <- function() {
  if (on_renjin()) 0L else .Call(dr4j_drain)
}

# A vector that goes as double[] or String[].
java_array <- function(x) {
  structure(list(values = x), class = "deepregression4j_array")
}

java_argument <- function(x) {
  if (is.null(x)) {
    return("")
  }
  if (inherits(x, "deepregression4j_handle")) {
    return(x$id)
  }
  if (inherits(x, "deepregression4j_array")) {
    return(seam_array(x$values))
  }
  if (is.character(x)) enc2utf8(as.character(x)) else x
}

# ---- failures -------------------------------------------------------------

java_fail <- function(failure) {
  json <- seam_failure(failure)
  if (is.null(json)) {
    java_stop(conditionMessage(failure), "engine", parent = plain(failure))
  }
  told <- jsonlite::fromJSON(json)
  java_stop(
    told$message, told$code,
    fields = as.list(told$fields), causes = as.character(told$causes),
    parent = plain(failure)
  )
}

# A condition of R's own with the words of one that holds a Java reference,
# whose `$` fails for fields that it lacks: those who follow parents look.
plain <- function(failure) {
  simpleError(conditionMessage(failure), conditionCall(failure))
}

# An error with a code, the names of what it is about (`fields`: term, column,
# argument, ...) and the condition it came from.
java_stop <- function(message, code, fields = list(), causes = character(),
                      parent = NULL) {
  stop(structure(
    class = c(
      paste0("deepregression4j_error_", code), "deepregression4j_error",
      "error", "condition"
    ),
    list(
      message = message, call = NULL, code = code, fields = fields,
      causes = causes, parent = parent
    )
  ))
}

# ---- handles --------------------------------------------------------------

# What Java keeps for us. Released by java_release() or, at the latest, after
# it was garbage collected. `keep` stays alive as long as the handle.
java_handle <- function(id, keep = NULL) {
  handle <- new.env(parent = emptyenv())
  handle$id <- id
  handle$keep <- keep
  reg.finalizer(handle, java_abandon)
  structure(handle, class = "deepregression4j_handle")
}

java_abandon <- function(handle) {
  if (nzchar(handle$id)) {
    java_session$abandoned <- c(java_session$abandoned, handle$id)
  }
}

# TRUE when there was something to release.
java_release <- function(handle) {
  id <- handle$id
  if (!nzchar(id)) {
    return(invisible(FALSE))
  }
  handle$id <- ""
  handle$keep <- NULL
  released <- java_call("release", id)
  java_lent()
  invisible(released)
}
