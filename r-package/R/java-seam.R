# The one file that knows which R this is: GNU R reaches Java through rJava,
# Renjin is Java and imports the class.

on_renjin <- function() {
  any(grepl("Renjin", c(R.version.string, unlist(R.version)), fixed = TRUE))
}

# The facade instance. `jars` matter to GNU R only: Renjin has its class path.
seam_facade <- function(jars) {
  if (on_renjin()) {
    eval(parse(text = "import(org.deepregression4j.bridge.Bridge)"))
    return(eval(parse(text = "Bridge$new()")))
  }
  rjava_facade(jars)
}

seam_call <- function(facade, returns, method, args) {
  if (on_renjin()) {
    return(do.call(eval(call("$", facade, as.name(method))), args))
  }
  rJava::.jclear()
  do.call(rJava::.jcall, c(list(facade, returns, method), args))
}

# double[] and String[]: a vector of any length, also 0 and 1.
seam_array <- function(x) {
  if (on_renjin()) {
    return(x)
  }
  if (is.character(x)) {
    return(rJava::.jarray(x, contents.class = "java/lang/String"))
  }
  rJava::.jarray(as.double(x))
}

# What Java says about a failure, as JSON; NULL when it is none of the
# facade's exceptions.
seam_failure <- function(failure) {
  thrown <- failure$jobj
  if (is.null(thrown)) {
    return(NULL)
  }
  tryCatch(
    rJava::.jcall(thrown, "S", "toJson"),
    error = function(e) {
      rJava::.jclear()
      NULL
    }
  )
}
