{{/* Names, and what the pods of api, worker and migrate have in common. */}}
{{- define "penguin.name" -}}
{{ printf "%s-%s" .root.Release.Name .part | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "penguin.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end }}

{{- define "penguin.labels" -}}
{{ include "penguin.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{- define "penguin.image" -}}
image: {{ printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
{{- end }}

{{- define "penguin.container" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end }}

{{- define "penguin.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001 # Secrets belong to root; the group may read them
  seccompProfile: { type: RuntimeDefault }
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* A Secret's files are 0440 for the group, and key files for others are refused: a copy of ours, in memory. */}}
{{- define "penguin.keys" -}}
initContainers:
  - name: keys
    {{- include "penguin.image" . | nindent 4 }}
    {{- include "penguin.container" . | nindent 4 }}
    command: ["install", "-m", "0400", "-t", "/keys", "/secret/codec.keys", "/secret/master.keys"]
    resources:
      requests: { cpu: 10m, memory: 16Mi }
      limits: { memory: 32Mi }
    volumeMounts:
      - { name: keys-secret, mountPath: /secret, readOnly: true }
      - { name: keys, mountPath: /keys }
{{- end }}

{{- define "penguin.volumes" -}}
- name: tmp
  emptyDir: {}
- name: keys
  emptyDir: { medium: Memory, sizeLimit: 1Mi }
- name: keys-secret
  secret: { secretName: {{ .Values.secrets.keys }}, defaultMode: 0440 }
{{- end }}

{{- define "penguin.mounts" -}}
- { name: tmp, mountPath: /tmp }
- { name: keys, mountPath: /etc/penguin, readOnly: true }
- { name: passwords, mountPath: /run/secrets, readOnly: true }
{{- end }}

{{- define "penguin.settings" -}}
- { name: SPRING_DATASOURCE_URL, value: {{ required "database.url is needed" .Values.database.url | quote }} }
- { name: TEMPORAL_ADDRESS, value: {{ required "temporal.address is needed" .Values.temporal.address | quote }} }
- { name: TEMPORAL_NAMESPACE, value: {{ .Values.temporal.namespace | quote }} }
- { name: PENGUIN_INSTALLATION_KIND, value: {{ .Values.installation.kind | quote }} }
{{- end }}
