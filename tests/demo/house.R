# House prices: from a formula to an ONNX file that Java scores without R.
#
# Rscript tests/demo/house.R [output folder]
#
# spData::house, 25,357 sales in Lucas County, Ohio. The price is log-normal;
# its location has a spatial surface, a curve in age, factors and a small
# network; its scale has a curve in age. Four fifths of the rows train.

suppressMessages({
  library(deepregression4j)
  library(mgcv)
})

seed <- 1982L
arguments <- commandArgs(TRUE)
output <- if (length(arguments)) arguments[1] else "demo-output"
dir.create(output, showWarnings = FALSE, recursive = TRUE)

read_house <- function() {
  box <- new.env()
  utils::data("house", package = "spData", envir = box)
  place <- as.data.frame(attr(box$house, "coords"))
  names(place) <- c("long", "lat")
  cbind(attr(box$house, "data"), place)
}

# The last fifth of a seeded permutation is held out, except for the few rows
# with a factor level that training does not have.
split_rows <- function(data) {
  set.seed(seed)
  train <- sample(nrow(data), floor(0.8 * nrow(data)))
  parts <- list(train = data[train, ], test = data[-train, ])
  for (name in c("stories", "garage")) {
    known <- parts$test[[name]] %in% parts$train[[name]]
    parts$test <- parts$test[known, ]
  }
  parts
}

network <- function(x) {
  # The inputs have very different units: the first layer makes them alike.
  x %>%
    layer_batch_normalization() %>%
    layer_dense(units = 32, activation = "relu") %>%
    layer_dropout(rate = 0.1) %>%
    layer_dense(units = 16, activation = "relu") %>%
    layer_dense(units = 1)
}

build_and_fit <- function(train) {
  model <- deepregression(
    train$price,
    list(
      loc = ~ 1 + te(long, lat) + s(age) + stories + garage +
        deep(TLA, lotsize, rooms, beds, baths),
      scale = ~ 1 + s(age)
    ),
    list_of_deep_models = list(deep = network),
    family = "log_normal", data = train, seed = seed,
    optimizer = optimizer_adam(learning_rate = 0.005)
  )
  print(model)
  # The structured terms are solved first; the network trains on from there.
  history <- fit(model,
    warm_start = TRUE, epochs = 100, batch_size = 256, early_stopping = TRUE, patience = 10
  )
  list(model = model, history = history)
}

# A location-scale model of log(price) with the same structured terms. The
# density of the price is that of its logarithm divided by the price.
mgcv_log_score <- function(train, test) {
  model <- gam(
    list(
      log(price) ~ te(long, lat) + s(age) + stories + garage, ~ s(age)
    ),
    family = gaulss(), data = train
  )
  found <- predict(model, test, type = "response")
  mean(dnorm(log(test$price), found[, 1], 1 / found[, 2], log = TRUE) -
    log(test$price))
}

# Maximum likelihood of the log-normal without covariates has a closed form.
intercept_log_score <- function(train, test) {
  center <- mean(log(train$price))
  spread <- sqrt(mean((log(train$price) - center)^2))
  mean(dlnorm(test$price, center, spread, log = TRUE))
}

save_png <- function(name, code) {
  file <- file.path(output, name)
  grDevices::png(file, width = 900, height = 700, type = "cairo")
  on.exit(grDevices::dev.off())
  force(code)
  cat("  ", file, "\n", sep = "")
}

# All digits: write.csv() alone keeps 15.
write_exact <- function(data, file) {
  numbers <- vapply(data, is.double, NA)
  data[numbers] <- lapply(data[numbers], function(x) sprintf("%.17g", x))
  quoted <- which(vapply(data, is.factor, NA))
  utils::write.csv(data, file,
    row.names = FALSE, quote = if (length(quoted)) quoted else FALSE
  )
}

find_java <- function() {
  home <- Sys.getenv("JAVA_HOME")
  java <- Sys.which("java")
  if (nzchar(home)) java <- file.path(home, "bin", "java")
  if (!nzchar(java) || !file.exists(java)) {
    stop("no java found: install a JDK 17 or newer, or set JAVA_HOME")
  }
  java
}

# The class path has the exporter's jar and ONNX Runtime: no R, no Arrow.
score_in_java <- function(model_file, input, result) {
  jars <- list.files(
    system.file("java", package = "deepregression4j"),
    "^(onnx-export|onnxruntime).*[.]jar$",
    full.names = TRUE
  )
  status <- system2(find_java(), c(
    "-cp", shQuote(paste(jars, collapse = .Platform$path.sep)),
    "org.deepregression4j.onnx.scoring.ScoreCsv",
    shQuote(c(model_file, input, result))
  ))
  if (status != 0) stop("the Java program ended with status ", status)
  utils::read.csv(result, check.names = FALSE)
}

largest_difference <- function(model, test, scored) {
  in_r <- cbind(
    predict(model, test, type = "parameters"),
    mean = predict(model, test)[, 1], stddev = stddev(model, test)[, 1]
  )
  stopifnot(nrow(scored) == nrow(in_r))
  common <- intersect(colnames(in_r), names(scored))
  if (!all(c("loc", "scale", "mean") %in% common)) {
    stop("Java returned ", paste(names(scored), collapse = ", "))
  }
  max(vapply(common, function(name) {
    max(abs(scored[[name]] - in_r[, name]) / pmax(1, abs(in_r[, name])))
  }, 0))
}

started <- proc.time()[["elapsed"]]
house <- split_rows(read_house())
cat("Rows: ", nrow(house$train), " to train, ", nrow(house$test),
  " held out\n\n",
  sep = ""
)

fitted_house <- build_and_fit(house$train)
model <- fitted_house$model
print(fitted_house$history)
cat("\nCoefficients of the location:\n")
print(unlist(lapply(coef(model, type = "linear"), drop)))
cat("\n")
print(summary(model))

scores <- c(
  deepregression4j = log_score(model, house$test, house$test$price,
    summary_fun = mean
  ),
  "mgcv gaulss, same structured terms" =
    mgcv_log_score(house$train, house$test),
  "intercept only" = intercept_log_score(house$train, house$test)
)
cat("\nHeld-out log score (mean log density of the price, higher is better)\n")
cat(sprintf("  %-36s %9.4f\n", names(scores), scores), sep = "")

cat("\nPictures:\n")
for (parameter in c("loc", "scale")) {
  smooths <- names(plot(model, which_param = parameter, only_data = TRUE))
  for (i in seq_along(smooths)) {
    name <- gsub("[^a-z]+", "-", smooths[i])
    save_png(
      sprintf("effect-%s-%s.png", parameter, sub("-$", "", name)),
      plot(model, which = i, which_param = parameter, type = "l")
    )
  }
}
save_png("history.png", plot(fitted_house$history))

model_file <- file.path(output, "house.onnx")
export_onnx(model, model_file)
cat("\nExported ", model_file, ", ", file.size(model_file), " bytes\n", sep = "")

raw <- c(
  "long", "lat", "age", "stories", "garage", "TLA", "lotsize", "rooms", "beds",
  "baths"
)
input <- file.path(output, "held-out.csv")
write_exact(house$test[raw], input)
scored <- score_in_java(model_file, input, file.path(output, "scored.csv"))
difference <- largest_difference(model, house$test, scored)
cat(sprintf(
  "Java scored %d rows; largest relative difference to R: %.3g\n",
  nrow(scored), difference
))
cat(sprintf("Done in %.0f seconds.\n", proc.time()[["elapsed"]] - started))
if (!(difference <= 1e-10)) stop("Java and R differ by more than 1e-10")
