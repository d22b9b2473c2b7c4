package org.ratehouse.connect.websocket;

/** The version in the jar's manifest; there is none when the classes do not come from a jar. */
final class PluginVersion {

  private PluginVersion() {}

  static String get() {
    String version = PluginVersion.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }
}
