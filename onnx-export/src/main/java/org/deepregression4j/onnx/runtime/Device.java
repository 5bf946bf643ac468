package org.deepregression4j.onnx.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;

/**
 * Where a model runs.
 *
 * @param name {@code cpu} or {@code cuda:N}
 * @param reason why this device was taken, for people
 */
public record Device(String name, String reason) {
  /** The processor. */
  public static final Device CPU = new Device("cpu", "asked for");

  /**
   * Reads {@code cpu}, {@code cuda}, {@code cuda:N} or {@code auto}; auto takes a CUDA device when
   * this ONNX Runtime has one that works, and says why not otherwise.
   *
   * @throws RuntimeFailure for another text, or when CUDA is asked for and missing
   */
  public static Device of(String text) {
    switch (text) {
      case "cpu":
        return CPU;
      case "auto":
        String missing = whyNoCuda(0);
        return missing.isEmpty()
            ? new Device("cuda:0", "auto: a CUDA device answers")
            : new Device("cpu", "auto: " + missing);
      default:
        if (!text.matches("cuda(:\\d+)?")) {
          throw new RuntimeFailure("device: expected cpu, cuda:N or auto, got '" + text + "'");
        }
        int index = text.contains(":") ? Integer.parseInt(text.substring(5)) : 0;
        String why = whyNoCuda(index);
        if (!why.isEmpty()) {
          throw new RuntimeFailure("device '" + text + "' cannot be used: " + why);
        }
        return new Device("cuda:" + index, "asked for");
    }
  }

  /** True for a CUDA device. */
  public boolean isCuda() {
    return name.startsWith("cuda");
  }

  /** The CUDA device's number. */
  public int index() {
    return isCuda() ? Integer.parseInt(name.substring(5)) : 0;
  }

  private static String whyNoCuda(int index) {
    if (!OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
      return "this ONNX Runtime is the CPU build; the other is the Maven artifact onnxruntime_gpu";
    }
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.addCUDA(index);
      return "";
    } catch (OrtException | UnsatisfiedLinkError e) {
      return "CUDA does not start: " + e.getMessage();
    }
  }
}
