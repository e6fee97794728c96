public import Foundation

/// A receiver of webhooks.
public struct WebhookEndpoint: Sendable, Equatable {
    /// What logs, reports and the outbox call it: the URL may hold a token and is never shown.
    public let name: String
    public let url: URL
    /// The newest first; several while keys are rotated; none sends unsigned.
    public let secrets: [WebhookSecret]
    /// The longest an attempt may take in all, microseconds.
    public let timeoutMicroseconds: Int64

    /// - Throws: `AlertingError` (`badEndpoint`).
    public init(
        name: String, url text: String, secrets: [WebhookSecret], timeoutMicroseconds: Int64 = 15_000_000
    ) throws {
        guard let url = URL(string: text), let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme),
            let host = url.host, !host.isEmpty
        else {
            throw AlertingError(
                code: .badEndpoint, message: "webhook \"\(name)\": its url must be http://host… or https://host…")
        }
        guard timeoutMicroseconds > 0 else {
            throw AlertingError(code: .badEndpoint, message: "webhook \"\(name)\": its timeout must be positive")
        }
        self.name = name
        self.url = url
        self.secrets = secrets
        self.timeoutMicroseconds = timeoutMicroseconds
    }
}
