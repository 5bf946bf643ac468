package org.deepregression4j.engine.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Fails when a layer has no contract test. */
class LayerSweepTest {
  /** The compiled classes of this package that stand beside {@code anchor}. */
  private static List<Class<?>> classes(Class<?> anchor) throws Exception {
    URI location = anchor.getProtectionDomain().getCodeSource().getLocation().toURI();
    File folder = Path.of(location).resolve(anchor.getPackageName().replace('.', '/')).toFile();
    List<Class<?>> out = new ArrayList<>();
    for (String file : folder.list()) {
      if (file.endsWith(".class")) {
        String name = file.substring(0, file.length() - ".class".length());
        out.add(Class.forName(anchor.getPackageName() + "." + name));
      }
    }
    return out;
  }

  private static boolean isConcrete(Class<?> type, Class<?> of) {
    return of.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers());
  }

  @Test
  void everyLayerHasAContractTest() throws Exception {
    Set<String> layers = new TreeSet<>();
    for (Class<?> type : classes(Layer.class)) {
      if (isConcrete(type, Layer.class)) {
        layers.add(type.getSimpleName());
      }
    }
    Arrays.stream(Elementary.class.getDeclaredMethods())
        .filter(m -> Modifier.isPublic(m.getModifiers()) && m.getReturnType() == Layer.class)
        .map(Method::getName)
        .forEach(layers::add);
    Set<String> covered = new TreeSet<>();
    for (Class<?> type : classes(LayerContract.class)) {
      if (isConcrete(type, LayerContract.class)) {
        covered.add(((LayerContract) type.getDeclaredConstructor().newInstance()).covers());
      }
    }
    covered.remove(""); // networks keep the contract as well
    assertThat(layers).hasSizeGreaterThanOrEqualTo(6);
    assertThat(covered).isEqualTo(layers);
  }
}
