# Starting Java. The session's facts live in one environment: the facade, the
# process that made it (a fork must not use it), why it could not be made.

java_session <- new.env(parent = emptyenv())
java_session$abandoned <- character()

#' @useDynLib deepregression4j, .registration = TRUE
#' @importFrom jsonlite fromJSON toJSON
NULL

# A missing Java must not keep the package from being installed or looked at:
# the first call that needs it says what is wrong.
.onLoad <- function(libname, pkgname) {
  tryCatch(java_start(), error = function(e) java_session$failure <- e)
  invisible()
}

# The shared library stays loaded when the namespace goes (no .onUnload): Java
# may still hold vectors, and returns them by a C callback.

java_start <- function() {
  if (!on_renjin()) {
    rjava_start()
  }
  java_session$facade <- seam_facade(java_jars())
  java_session$pid <- Sys.getpid()
  java_session$failure <- NULL
  seam_call(java_session$facade, "Z", "warmUp", list())
  reg.finalizer(java_session, java_finish, onexit = TRUE)
  invisible()
}

# A process must not go down while Java still loads native libraries.
java_finish <- function(session) {
  if (identical(session$pid, Sys.getpid())) {
    try(seam_call(session$facade, "Z", "finishWarmUp", list()), silent = TRUE)
  }
}

# Option `deepregression4j.classpath`: jars or folders that go before ours,
# such as the ONNX Runtime with CUDA.
java_jars <- function(folder = java_folder()) {
  jars <- list.files(folder, "\\.jar$", full.names = TRUE)
  extra <- getOption("deepregression4j.classpath", character())
  if (length(jars) == 0L && length(extra) == 0L && !on_renjin()) {
    java_stop(sprintf(
      "no jars in '%s': run 'mvn package' before the package is installed",
      folder
    ), "java")
  }
  normalizePath(c(extra, jars), mustWork = TRUE)
}

java_folder <- function() {
  system.file("java", package = "deepregression4j")
}

# ---- rJava ----------------------------------------------------------------

rjava_start <- function() {
  given <- rjava_given_parameters()
  rjava_require()
  rJava::.jinit(parameters = java_parameters(given))
  java_require_version(
    rjava_property("java.specification.version"), rjava_property("java.home")
  )
  if (!rjava_is_ours()) {
    rjava_open_nio()
  }
}

# What the user asked of Java. rJava puts its own heap there when it loads.
rjava_given_parameters <- function() {
  given <- getOption("java.parameters")
  if (isNamespaceLoaded("rJava")) {
    given <- setdiff(given, "-Xmx512m")
  }
  as.character(given)
}

# An unknown option without the first flag makes R hang. `--add-opens` and the
# like must be written with `=`. The user's options come last: the last wins.
java_parameters <- function(given) {
  ours <- c(
    "-XX:+IgnoreUnrecognizedVMOptions",
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
    "-Djava.awt.headless=true",
    # By default it begins with 1/64 of the memory, which it fills with garbage.
    "-Xms16m",
    "-Ddeepregression4j.started=true",
    paste0("-Djava.io.tmpdir=", tempdir()),
    java_native_parameter()
  )
  heap <- paste0("-Xmx", getOption("deepregression4j.heap", "50%"))
  if (identical(heap, "-Xmx50%")) {
    heap <- "-XX:MaxRAMPercentage=50"
  }
  c(ours, if (!any(grepl("^-Xmx", given))) heap, given)
}

# The build unpacks ONNX Runtime's libraries; otherwise each session would
# unpack 25 MB into its temporary folder.
java_native_parameter <- function() {
  folder <- list.files(file.path(java_folder(), "native"), full.names = TRUE)
  system <- switch(Sys.info()[["sysname"]],
    Linux = "linux", Darwin = "osx", Windows = "win", "none"
  )
  arch <- if (grepl("^(aarch64|arm64)", R.version$arch)) "aarch64" else "x64"
  mine <- folder[basename(folder) == paste0(system, "-", arch)]
  if (length(mine) == 1L) paste0("-Donnxruntime.native.path=", mine)
}

rjava_require <- function() {
  tryCatch(loadNamespace("rJava"), error = function(e) {
    java_stop(paste0(
      "Java could not be loaded (", conditionMessage(e), ").\n",
      "Install a JDK 17 or newer (Debian: apt install default-jdk, others: ",
      "https://adoptium.net), run 'R CMD javareconf', then install rJava."
    ), "java", parent = e)
  })
}

rjava_property <- function(name) {
  rJava::.jcall("java/lang/System", "S", "getProperty", name)
}

java_require_version <- function(version, home) {
  if (!isTRUE(suppressWarnings(as.numeric(version)) >= 17)) {
    java_stop(sprintf(paste0(
      "expected Java 17 or newer, got Java %s in '%s'.\nInstall a newer JDK, ",
      "set JAVA_HOME to it, run 'R CMD javareconf' and restart R."
    ), version, home), "java")
  }
}

# FALSE when another package had started Java, without our options.
rjava_is_ours <- function() {
  identical(rjava_property("deepregression4j.started"), "true")
}

# What --add-opens would have done; before Arrow's classes are initialised.
rjava_open_nio <- function() {
  module <- rJava::.jcall(
    rJava::.jfindClass("java/lang/Object"), "Ljava/lang/Module;", "getModule"
  )
  rJava::.jcall(module, "V", "implAddOpensToAllUnnamed", "java.nio")
  rJava::.jclear()
}

# A class loader of our own whose parent is the platform's: other packages'
# versions of Arrow or Jackson are not seen. One instance per Java machine: a
# native library loads in one class loader only, so a reloaded package takes
# the instance that is there.
rjava_facade <- function(jars) {
  properties <- rJava::.jcall(
    "java/lang/System", "Ljava/util/Properties;", "getProperties"
  )
  key <- rjava_object(rJava::.jnew("java/lang/String", "deepregression4j"))
  found <- rJava::.jcall(properties, "Ljava/lang/Object;", "get", key)
  if (!rJava::is.jnull(found)) {
    return(found)
  }
  type <- rJava::.jcall(
    "java/lang/Class", "Ljava/lang/Class;", "forName",
    "org.deepregression4j.bridge.Bridge", TRUE, rjava_loader(jars)
  )
  facade <- rJava::.jcall(type, "Ljava/lang/Object;", "newInstance")
  rJava::.jcall(properties, "Ljava/lang/Object;", "put", key, facade)
  facade
}

rjava_loader <- function(jars) {
  urls <- rJava::.jarray(
    lapply(jars, rjava_url), contents.class = "java/net/URL"
  )
  parent <- rJava::.jcall(
    "java/lang/ClassLoader", "Ljava/lang/ClassLoader;", "getPlatformClassLoader"
  )
  loader <- rJava::.jnew("java/net/URLClassLoader", urls, parent)
  rJava::.jcast(loader, "java/lang/ClassLoader")
}

rjava_url <- function(path) {
  file <- rJava::.jnew("java/io/File", path)
  uri <- rJava::.jcall(file, "Ljava/net/URI;", "toURI")
  rJava::.jcall(uri, "Ljava/net/URL;", "toURL")
}

rjava_object <- function(x) rJava::.jcast(x, "java/lang/Object")
