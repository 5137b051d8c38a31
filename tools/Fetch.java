import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

static final long MAX_BYTES = 512L << 20;

/// Fetches a zip archive whose SHA-256 is known and unpacks it: `java Fetch.java URL SHA256 TOP DIRECTORY`.
/// What lies below TOP in the archive lies in DIRECTORY afterwards. Needs nothing but a JDK; nothing is
/// unpacked before the sum is right.
void main(String[] arguments) throws Exception {
  if (arguments.length != 4) {
    System.err.println("usage: java Fetch.java URL SHA256 TOP DIRECTORY");
    System.exit(2);
  }
  var archive = Files.createTempFile("penguin-fetch", ".zip");
  try {
    var sum = download(URI.create(arguments[0]), archive);
    if (!sum.equals(arguments[1])) {
      throw new IOException("its SHA-256 is " + sum + ", not the pinned " + arguments[1]);
    }
    unpack(archive, arguments[2] + "/", Path.of(arguments[3]).toRealPath());
  } catch (IOException e) {
    System.err.println(arguments[0] + " cannot be used: " + e);
    System.exit(1);
  } finally {
    Files.delete(archive);
  }
}

String download(URI from, Path to) throws Exception {
  try (var client =
      HttpClient.newBuilder()
          .followRedirects(Redirect.NORMAL)
          .connectTimeout(Duration.ofSeconds(20))
          .build()) {
    var request = HttpRequest.newBuilder(from).build();
    var handler = BodyHandlers.limiting(BodyHandlers.ofFile(to), MAX_BYTES);
    try {
      var answer = client.sendAsync(request, handler).get(10, TimeUnit.MINUTES);
      if (answer.statusCode() != 200) {
        throw new IOException("HTTP status " + answer.statusCode());
      }
    } catch (ExecutionException | TimeoutException e) {
      client.shutdownNow(); // else closing waits for what does not come
      throw new IOException(e);
    }
  }
  try (var body = Files.newInputStream(to)) {
    var digest = MessageDigest.getInstance("SHA-256");
    new DigestInputStream(body, digest).transferTo(OutputStream.nullOutputStream());
    return HexFormat.of().formatHex(digest.digest());
  }
}

void unpack(Path archive, String top, Path directory) throws IOException {
  try (var zip = new ZipInputStream(new BufferedInputStream(Files.newInputStream(archive)))) {
    for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
      var name = entry.getName();
      if (!name.startsWith(top)) {
        throw new IOException(name + " lies outside of " + top);
      }
      var target = directory.resolve(name.substring(top.length())).normalize();
      if (!target.startsWith(directory)) {
        throw new IOException(name + " lies outside of " + top);
      }
      Files.createDirectories(target.getParent());
      Files.copy(zip, target);
    }
  }
}
