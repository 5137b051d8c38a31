# What api and worker may do in Vault; written for a KV v2 engine mounted at "penguin".
# They write, read and destroy single versions; they list nothing and change no settings.
path "penguin/data/*" {
  capabilities = ["create", "update", "read"]
}
path "penguin/metadata/*" {
  capabilities = ["read"]
}
path "penguin/destroy/*" {
  capabilities = ["update"]
}
