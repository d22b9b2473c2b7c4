package org.ratehouse.connect.websocket;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.apache.kafka.common.config.ConfigException;

/** Whom the feed's connections trust. The host's name is held against the certificate always. */
final class Tls {

  private Tls() {}

  /**
   * A client that trusts the machine's authorities and those of the file, and that follows no
   * redirect: it would carry the token to another host.
   *
   * @param caFile a path of PEM certificates; empty for none
   * @throws ConfigException when the file cannot be read or holds no certificate
   */
  static HttpClient client(String caFile) {
    HttpClient.Builder builder = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER);
    if (!caFile.isEmpty()) {
      builder.sslContext(trusting(caFile));
    }
    return builder.build();
  }

  private static SSLContext trusting(String caFile) {
    try {
      KeyStore trusted = trustedAuthorities(caFile);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trustManagers(trusted), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw unreadable(caFile, "the trust store cannot be made: " + e.getMessage());
    }
  }

  /** Those of the machine and of the file. */
  static KeyStore trustedAuthorities(String caFile) throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    int number = 0;
    for (X509Certificate ofTheMachine : machineAuthorities()) {
      trusted.setCertificateEntry("machine-" + number++, ofTheMachine);
    }
    for (Certificate ofTheFile : read(caFile)) {
      trusted.setCertificateEntry("file-" + number++, ofTheFile);
    }
    return trusted;
  }

  private static X509Certificate[] machineAuthorities() throws GeneralSecurityException {
    for (TrustManager manager : trustManagers(null)) {
      if (manager instanceof X509TrustManager authorities) {
        return authorities.getAcceptedIssuers();
      }
    }
    return new X509Certificate[0];
  }

  private static TrustManager[] trustManagers(KeyStore trusted) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    return factory.getTrustManagers();
  }

  private static Collection<? extends Certificate> read(String caFile) {
    try (InputStream file = Files.newInputStream(Path.of(caFile))) {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(file);
      if (certificates.isEmpty()) {
        throw unreadable(caFile, "it holds none");
      }
      return certificates;
    } catch (IOException e) {
      throw unreadable(caFile, "it cannot be read: " + e);
    } catch (CertificateException e) {
      throw unreadable(caFile, "it holds something else: " + e.getMessage());
    }
  }

  private static ConfigException unreadable(String caFile, String found) {
    return new ConfigException(
        FeedConfig.FEED_TLS_CA_FILE,
        caFile,
        "wanted is a file of certificates in PEM form that the worker can read; " + found + ".");
  }
}
