package com.penguinmails.activities.secret;

import com.penguinmails.ports.secret.DkimKeys;
import com.penguinmails.ports.secret.MailboxPasswords;
import java.time.Duration;
import java.util.function.Supplier;

/// Makes DKIM keys and mailbox passwords. Each costs a processor a tenth of a second and more, so
/// that fifty domains at once would wait for little else: some are made ahead.
public final class NewSecrets implements AutoCloseable {
  private static final Duration QUIET = Duration.ofSeconds(10);

  private final Supplier<DkimKeys> keys;
  private final Supplier<Password> passwords;
  private final Runnable close;

  private NewSecrets(Supplier<DkimKeys> keys, Supplier<Password> passwords, Runnable close) {
    this.keys = keys;
    this.passwords = passwords;
    this.close = close;
  }

  /// @param ahead how many of each are made ahead; zero: none
  public static NewSecrets ahead(int ahead) {
    if (ahead == 0) {
      return new NewSecrets(DkimKeys::generate, Password::make, () -> {});
    }
    var keys = new Reserve<>(ahead, QUIET, DkimKeys::generate);
    var passwords = new Reserve<>(ahead, QUIET, Password::make);
    return new NewSecrets(
        keys::take,
        passwords::take,
        () -> {
          keys.close();
          passwords.close();
        });
  }

  /// A key pair that no domain has.
  public DkimKeys dkimKeys() {
    return keys.get();
  }

  /// A password that no mailbox has.
  public Password password() {
    return passwords.get();
  }

  @Override
  public void close() {
    close.run();
  }

  /// @param hash as the host keeps it
  public record Password(String password, String hash) {
    private static Password make() {
      var password = MailboxPasswords.generate();
      return new Password(password, MailboxPasswords.dovecotHash(password));
    }

    /// Nothing of it is shown.
    @Override
    public String toString() {
      return "Password[]";
    }
  }
}
