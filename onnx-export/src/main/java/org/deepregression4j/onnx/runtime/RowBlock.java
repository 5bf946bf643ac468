package org.deepregression4j.onnx.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.deepregression4j.onnx.graph.ElementType;
import org.jspecify.annotations.Nullable;

/**
 * Memory for a block of rows that one thread fills, runs and reads again and again, without an
 * allocation per run. Mutable. The caller closes it, before the session.
 *
 * <p>The first dimension of every input and output that is not fixed counts rows.
 */
public final class RowBlock implements AutoCloseable {
  private static final int KEPT_STRINGS = 1024;

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final int capacity;
  private final Map<String, OnnxSession.Port> inputs;
  private final Map<String, OnnxSession.Port> outputs = new LinkedHashMap<>();
  private final Map<String, Tensor> memory = new LinkedHashMap<>();
  private final Map<String, String[]> strings = new LinkedHashMap<>();
  private final Map<String, OnnxTensor> bound = new LinkedHashMap<>();
  private final Map<String, OnnxTensor> pinned = new LinkedHashMap<>();
  // One-row blocks see few different strings, and a string tensor costs more than a small run.
  private final Map<String, OnnxTensor> singles = new LinkedHashMap<>();
  private int boundRows = -1;

  RowBlock(
      OrtEnvironment environment,
      OrtSession session,
      Map<String, OnnxSession.Port> inputs,
      Map<String, OnnxSession.Port> outputs,
      Set<String> wanted,
      int capacity) {
    this.environment = environment;
    this.session = session;
    this.inputs = inputs;
    this.capacity = capacity;
    for (String name : wanted) {
      this.outputs.put(name, port(outputs, name));
    }
    inputs.forEach(this::allocate);
    this.outputs.forEach(this::allocate);
  }

  private void allocate(String name, OnnxSession.Port port) {
    long[] sizes = sizes(name, port, capacity);
    if (port.type() == ElementType.STRING) {
      strings.put(name, new String[(int) Tensor.count(sizes)]);
    } else {
      memory.put(name, Tensor.allocate(port.type(), sizes));
    }
  }

  private static long[] sizes(String name, OnnxSession.Port port, int rows) {
    long[] sizes = port.sizes().clone();
    if (sizes.length > 0 && sizes[0] < 0) {
      sizes[0] = rows;
    }
    if (Arrays.stream(sizes).anyMatch(size -> size < 0)) {
      throw new RuntimeFailure(
          "'" + name + "' has a free dimension besides the rows: " + Arrays.toString(port.sizes()));
    }
    return sizes;
  }

  private static OnnxSession.Port port(Map<String, OnnxSession.Port> ports, String name) {
    OnnxSession.Port port = ports.get(name);
    if (port == null) {
      throw new RuntimeFailure("the model has no '" + name + "', only " + ports.keySet());
    }
    return port;
  }

  /** Most rows that fit. */
  public int capacity() {
    return capacity;
  }

  /** The names of the inputs. */
  public Set<String> inputs() {
    return Set.copyOf(inputs.keySet());
  }

  /** True when the first dimension of an output counts rows. */
  public boolean hasFreeRows(String output) {
    long[] sizes = port(outputs, output).sizes();
    return sizes.length > 0 && sizes[0] < 0;
  }

  /** Values per row of a float64 input or output. */
  public int width(String name) {
    return numbers(name, ElementType.FLOAT64).capacity() / ElementType.FLOAT64.bytes() / capacity;
  }

  /** Memory of a float64 input or output, row-major. */
  public DoubleBuffer doubles(String name) {
    return numbers(name, ElementType.FLOAT64).asDoubleBuffer();
  }

  /** Memory of an int32 input. */
  public IntBuffer ints(String name) {
    return numbers(name, ElementType.INT32).asIntBuffer();
  }

  /** Memory of a bool input, 1 for true. */
  public ByteBuffer booleans(String name) {
    return numbers(name, ElementType.BOOL);
  }

  /** The texts of a string input. */
  public String[] strings(String name) {
    String[] texts = strings.get(name);
    if (texts == null) {
      throw wrongType(name, ElementType.STRING);
    }
    return texts;
  }

  private ByteBuffer numbers(String name, ElementType type) {
    Tensor tensor = memory.get(name);
    if (tensor == null || tensor.type() != type) {
      throw wrongType(name, type);
    }
    return tensor.buffer();
  }

  private RuntimeFailure wrongType(String name, ElementType wanted) {
    OnnxSession.Port port = port(outputs.containsKey(name) ? outputs : inputs, name);
    return new RuntimeFailure("'" + name + "' has type " + port.type() + ", not " + wanted);
  }

  /**
   * Runs the first {@code rows} rows.
   *
   * @throws RuntimeFailure when a kernel fails, or an output has not the shape that it states
   */
  public void run(int rows) {
    Map<String, OnnxTensor> owned = new LinkedHashMap<>();
    try {
      bind(rows);
      for (Map.Entry<String, String[]> entry : strings.entrySet()) {
        bound.put(entry.getKey(), text(entry.getKey(), entry.getValue(), rows, owned));
      }
      session.run(bound, Set.of(), pinned).close();
    } catch (OrtException e) {
      throw new RuntimeFailure("ONNX Runtime failed", e);
    } finally {
      owned.values().forEach(OnnxTensor::close);
    }
  }

  private void bind(int rows) throws OrtException {
    if (rows == boundRows) {
      return;
    }
    unbind();
    for (Map.Entry<String, Tensor> entry : memory.entrySet()) {
      String name = entry.getKey();
      boolean isOutput = outputs.containsKey(name);
      OnnxSession.Port port = port(isOutput ? outputs : inputs, name);
      boolean isPart = port.sizes().length > 0 && port.sizes()[0] < 0 && rows < capacity;
      Tensor part = isPart ? entry.getValue().asRows(0, rows) : entry.getValue();
      (isOutput ? pinned : bound).put(name, part.toOnnx(environment));
    }
    boundRows = rows;
  }

  private OnnxTensor text(String name, String[] texts, int rows, Map<String, OnnxTensor> owned)
      throws OrtException {
    long[] sizes = sizes(name, port(inputs, name), rows);
    if (texts.length != 1) {
      String[] used = Arrays.copyOf(texts, (int) Tensor.count(sizes));
      OnnxTensor tensor = OnnxTensor.createTensor(environment, used, sizes);
      owned.put(name, tensor);
      return tensor;
    }
    OnnxTensor known = singles.get(texts[0]);
    if (known == null) {
      known = OnnxTensor.createTensor(environment, texts.clone(), sizes);
      (singles.size() < KEPT_STRINGS ? singles : owned)
          .put(singles.size() < KEPT_STRINGS ? texts[0] : name, known);
    }
    return known;
  }

  private void unbind() {
    memory.keySet().forEach(name -> closeIfThere(bound.remove(name)));
    pinned.values().forEach(OnnxTensor::close);
    pinned.clear();
    boundRows = -1;
  }

  private static void closeIfThere(@Nullable OnnxTensor tensor) {
    if (tensor != null) {
      tensor.close();
    }
  }

  @Override
  public void close() {
    unbind();
    singles.values().forEach(OnnxTensor::close);
    singles.clear();
  }
}
