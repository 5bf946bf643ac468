package org.deepregression4j.onnx.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepregression4j.onnx.graph.ElementType;

/**
 * A loaded model. The caller closes it; it may be run from many threads at once.
 *
 * <p>Source: {@code OrtSession} of ONNX Runtime's Java API.
 */
public final class OnnxSession implements AutoCloseable {
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final Device device;

  private OnnxSession(OrtEnvironment environment, OrtSession session, Device device) {
    this.environment = environment;
    this.session = session;
    this.device = device;
  }

  /** How much work one run does, which decides the number of threads. */
  public enum Work {
    /** Small dense graphs: one thread, since handing work over costs more than doing it. */
    SMALL,
    /** Large matrix products and convolutions: every core. */
    LARGE
  }

  /** Type and shape of an input or output; -1 stands for a symbolic dimension. */
  public record Port(ElementType type, long[] sizes) {}

  /**
   * Loads a model from its bytes.
   *
   * @throws RuntimeFailure when the bytes are no ONNX model or use what this runtime lacks
   */
  public static OnnxSession open(byte[] model, Device device, Work work) {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      options.setIntraOpNumThreads(
          work == Work.SMALL ? 1 : Runtime.getRuntime().availableProcessors());
      options.setInterOpNumThreads(1);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      // It takes float64 constants such as 1e-300 for zero, since it looks at them in float32.
      options.addConfigEntry("optimization.disable_specified_optimizers", "NoopElimination");
      options.setSessionLogLevel(ai.onnxruntime.OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      if (device.isCuda()) {
        options.addCUDA(device.index());
      }
      return new OnnxSession(environment, environment.createSession(model, options), device);
    } catch (OrtException e) {
      throw new RuntimeFailure("not a model that ONNX Runtime can load", e);
    }
  }

  /** Loads a small model on the processor. */
  public static OnnxSession open(byte[] model) {
    return open(model, Device.CPU, Work.SMALL);
  }

  /** Where it runs. */
  public Device device() {
    return device;
  }

  /** The inputs in the model's order. */
  public Map<String, Port> inputs() {
    return ports(true);
  }

  /** The outputs in the model's order. */
  public Map<String, Port> outputs() {
    return ports(false);
  }

  private Map<String, Port> ports(boolean in) {
    Map<String, Port> out = new LinkedHashMap<>();
    try {
      var infos = in ? session.getInputInfo() : session.getOutputInfo();
      infos.forEach(
          (name, info) -> {
            if (info.getInfo() instanceof TensorInfo tensor) {
              out.put(name, new Port(Tensor.elementType(tensor.type), tensor.getShape()));
            }
          });
    } catch (OrtException e) {
      throw new RuntimeFailure("the model's signature cannot be read", e);
    }
    return out;
  }

  /** The key-value pairs that the model carries. */
  public Map<String, String> metadata() {
    try {
      return Map.copyOf(session.getMetadata().getCustomMetadata());
    } catch (OrtException e) {
      throw new RuntimeFailure("the model's metadata cannot be read", e);
    }
  }

  /**
   * Runs the model and copies the named outputs.
   *
   * @throws RuntimeFailure when an input is missing or does not fit, or a kernel fails
   */
  public Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> outputs) {
    return run(inputs, outputs, Map.of());
  }

  /** Runs the model; outputs named in {@code into} are written to the given memory. */
  public Map<String, Tensor> run(
      Map<String, Tensor> inputs, Set<String> outputs, Map<String, Tensor> into) {
    List<OnnxTensor> owned = new ArrayList<>();
    try {
      Map<String, OnnxTensor> in = toOnnx(inputs, owned);
      Map<String, OnnxValue> pinned = new LinkedHashMap<>(toOnnx(into, owned));
      try (OrtSession.Result result = session.run(in, outputs, pinned)) {
        Map<String, Tensor> out = new LinkedHashMap<>(into);
        for (String name : outputs) {
          OnnxValue value =
              result.get(name).orElseThrow(() -> new RuntimeFailure("no output '" + name + "'"));
          out.put(name, copy((OnnxTensor) value));
        }
        return out;
      }
    } catch (OrtException e) {
      throw new RuntimeFailure("ONNX Runtime failed", e);
    } finally {
      owned.forEach(OnnxTensor::close);
    }
  }

  /**
   * Memory for blocks of up to {@code capacity} rows and the named outputs. May be asked for by
   * many threads; each block belongs to one at a time.
   *
   * @throws RuntimeFailure when an output does not exist or a block exceeds 2 GiB
   */
  public RowBlock rowBlock(int capacity, Set<String> outputs) {
    return new RowBlock(environment, session, inputs(), outputs(), outputs, capacity);
  }

  private Map<String, OnnxTensor> toOnnx(Map<String, Tensor> tensors, List<OnnxTensor> owned)
      throws OrtException {
    Map<String, OnnxTensor> out = new LinkedHashMap<>();
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      OnnxTensor tensor = entry.getValue().toOnnx(environment);
      owned.add(tensor);
      out.put(entry.getKey(), tensor);
    }
    return out;
  }

  private static Tensor copy(OnnxTensor value) throws OrtException {
    TensorInfo info = value.getInfo();
    if (info.type == OnnxJavaType.STRING) {
      Object strings = value.getValue();
      String[] flat = strings instanceof String[] s ? s : new String[] {strings.toString()};
      return Tensor.copyOf(List.of(flat), info.getShape());
    }
    Tensor out = Tensor.allocate(Tensor.elementType(info.type), info.getShape());
    if (Tensor.count(info.getShape()) > 0) {
      out.buffer().put(value.getByteBuffer());
    }
    return out;
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new RuntimeFailure("the session does not close", e);
    }
  }
}
