package org.deepregression4j.onnx.scoring;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.deepregression4j.onnx.scoring.Column.Kind;

/**
 * What an exported model says of itself; it travels in the metadata of the ONNX file.
 *
 * <p>The graph has one input per column, named {@link #inputName}, and float64 outputs, of which
 * only the parameters must be there. With c columns of the mean (mostly those of the response, m),
 * r columns of a predictor and k quantile levels they are
 *
 * <ul>
 *   <li>{@value #PARAMETERS} (n, q·r) on the response scale
 *   <li>{@value #MEAN} (n, c) and {@value #STDDEV} (n, c)
 *   <li>{@value #QUANTILE} (n, k·m): the m quantiles of the first level, then of the next
 *   <li>{@value #LOG_DENSITY} (n, 1) of the response that one more input, {@value #RESPONSE} (n,
 *       m), has; NaN where that is NaN
 *   <li>{@value #LINEAR_PREDICTORS} (n, q·r)
 * </ul>
 *
 * <p>A model without columns has n = 1, except for the log-density.
 *
 * @param columns the raw columns, in the order of the graph's inputs
 * @param family the family's name
 * @param parameters the names of the distribution's parameters, in order; of each column, where
 *     predictors have several
 * @param outputs the names of the outputs that the graph has
 * @param quantileLevels the k levels of the quantiles; empty without that output
 */
public record ModelSignature(
    List<Column> columns,
    String family,
    List<String> parameters,
    List<String> outputs,
    List<Double> quantileLevels) {
  /** Output: the distribution's parameters on the response scale. */
  public static final String PARAMETERS = "parameters";

  /** Output: the distribution's mean. */
  public static final String MEAN = "mean";

  /** Output: the distribution's standard deviation. */
  public static final String STDDEV = "stddev";

  /** Output: the distribution's quantiles. */
  public static final String QUANTILE = "quantile";

  /** Output: log p of the response. */
  public static final String LOG_DENSITY = "log_density";

  /** Output: the predictors before their inverse links. */
  public static final String LINEAR_PREDICTORS = "linear_predictors";

  /** Input of a model that gives log-densities. */
  public static final String RESPONSE = "response";

  /** Names that columns could never have, whatever outputs a file has. */
  private static final List<String> ALWAYS_TAKEN =
      List.of(PARAMETERS, MEAN, STDDEV, LINEAR_PREDICTORS);

  private static final String VERSION = "1";
  private static final String PREFIX = "deepregression4j.";
  private static final String VERSION_KEY = PREFIX + "signature";
  private static final String LEVELS_KEY = PREFIX + "quantile_levels";

  /** Checks that names are unique and that the parameters are among the outputs. */
  public ModelSignature {
    columns = List.copyOf(columns);
    parameters = List.copyOf(parameters);
    outputs = List.copyOf(outputs);
    quantileLevels = List.copyOf(quantileLevels);
    requireUnique("column", columns.stream().map(Column::name).toList());
    requireUnique("parameter", parameters);
    requireUnique("output", outputs);
    if (parameters.isEmpty() || !outputs.contains(PARAMETERS)) {
      throw new IllegalArgumentException(
          "a model has parameters and gives them out, got " + parameters + ", outputs " + outputs);
    }
    if (outputs.contains(QUANTILE) == quantileLevels.isEmpty()) {
      throw new IllegalArgumentException(
          "quantiles have levels, got " + quantileLevels + ", outputs " + outputs);
    }
  }

  /** What a model without quantiles says of itself. */
  public ModelSignature(
      List<Column> columns, String family, List<String> parameters, List<String> outputs) {
    this(columns, family, parameters, outputs, List.of());
  }

  private static void requireUnique(String what, List<String> names) {
    if (new HashSet<>(names).size() != names.size()) {
      throw new IllegalArgumentException("a " + what + " twice among " + names);
    }
  }

  /** The column of that name. */
  public Optional<Column> column(String name) {
    return columns.stream().filter(column -> column.name().equals(name)).findFirst();
  }

  /** The name of the graph's input for a column: the column's own name where that is possible. */
  public String inputName(Column column) {
    Set<String> taken = new HashSet<>(ALWAYS_TAKEN);
    taken.addAll(outputs);
    if (outputs.contains(LOG_DENSITY)) {
      taken.add(RESPONSE);
    }
    return column.inputName(taken);
  }

  /** The metadata of a model with this signature; every key starts with deepregression4j. */
  public Map<String, String> toMetadata() {
    StringBuilder lines = new StringBuilder();
    for (Column column : columns) {
      List<String> fields = new ArrayList<>();
      fields.add(column.name());
      fields.add(column.kind().name());
      fields.add(Integer.toString(column.width()));
      fields.add(Boolean.toString(column.isExternal()));
      fields.addAll(column.levels());
      lines.append(SignatureText.join(fields)).append('\n');
    }
    Map<String, String> out = new LinkedHashMap<>();
    out.put(VERSION_KEY, VERSION);
    out.put(PREFIX + "family", SignatureText.escape(family));
    out.put(PREFIX + "parameters", SignatureText.join(parameters));
    out.put(PREFIX + "outputs", SignatureText.join(outputs));
    out.put(PREFIX + "columns", lines.toString());
    if (!quantileLevels.isEmpty()) {
      out.put(
          LEVELS_KEY, SignatureText.join(quantileLevels.stream().map(String::valueOf).toList()));
    }
    return out;
  }

  /**
   * Reads a model's metadata; keys of others are passed over.
   *
   * @throws ScoringException when there is no signature, or one of another version, or a damaged
   *     one
   */
  public static ModelSignature of(Map<String, String> metadata) {
    String version = metadata.get(VERSION_KEY);
    if (version == null) {
      throw foreign("an ONNX model, but not one that deepregression4j wrote: no signature in it");
    }
    if (!version.equals(VERSION)) {
      throw foreign(
          "expected a model with signature version " + VERSION + ", got version " + version);
    }
    try {
      List<Column> columns = new ArrayList<>();
      entry(metadata, "columns").lines().forEach(line -> columns.add(readColumn(line)));
      return new ModelSignature(
          columns,
          SignatureText.unescape(entry(metadata, "family")),
          SignatureText.split(entry(metadata, "parameters")),
          SignatureText.split(entry(metadata, "outputs")),
          SignatureText.split(metadata.getOrDefault(LEVELS_KEY, "")).stream()
              .map(Double::valueOf)
              .toList());
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new ScoringException(
          ScoringException.Code.FOREIGN_MODEL, "the model's signature is damaged", e);
    }
  }

  private static Column readColumn(String line) {
    List<String> fields = SignatureText.split(line);
    return new Column(
        fields.get(0),
        Kind.valueOf(fields.get(1)),
        fields.subList(4, fields.size()),
        Integer.parseInt(fields.get(2)),
        Boolean.parseBoolean(fields.get(3)));
  }

  private static String entry(Map<String, String> metadata, String key) {
    String value = metadata.get(PREFIX + key);
    if (value == null) {
      throw new IllegalArgumentException("no entry '" + PREFIX + key + "'");
    }
    return value;
  }

  private static ScoringException foreign(String message) {
    return new ScoringException(ScoringException.Code.FOREIGN_MODEL, "", message);
  }
}
