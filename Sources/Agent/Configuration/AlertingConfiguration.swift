/// Who hears of alerts.
public struct AlertingConfiguration: Sendable, Equatable {
    public var webhooks: [WebhookConfiguration]
    /// Microseconds after which an undelivered message is given up.
    public var giveUpAfter: Int64

    init(_ reader: CheckedReader) {
        webhooks = reader.tables("webhooks").map(WebhookConfiguration.init)
        giveUpAfter = reader.integer("give_up_after")
    }
}

/// A receiver in the Standard Webhooks form.
public struct WebhookConfiguration: Sendable, Equatable, CustomStringConvertible {
    /// http or https.
    public var url: String
    /// At least one; each signs. Values of environment variables by now.
    public var secrets: [String]
    /// Microseconds for one delivery.
    public var timeout: Int64

    init(_ reader: CheckedReader) {
        url = reader.text("url")
        secrets = reader.table.texts("secrets") ?? []
        timeout = reader.integer("timeout")
    }

    /// Without the secrets.
    public var description: String { "\(url) (\(secrets.count) secrets)" }
}
