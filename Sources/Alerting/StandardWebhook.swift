import Crypto
import Foundation

/// A signing key in the form of Standard Webhooks: `whsec_` and the Base64 of 24 to 64 bytes. Never printed.
public struct WebhookSecret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible {
    let key: [UInt8]

    /// - Throws: `AlertingError` (`badSecret`) that says what a secret looks like, and not this one.
    public init(_ text: String) throws {
        let prefix = "whsec_"
        guard text.hasPrefix(prefix), let key = Data(base64Encoded: String(text.dropFirst(prefix.count))) else {
            throw AlertingError(
                code: .badSecret,
                message: "the webhook secret is not whsec_ followed by Base64; make one with: "
                    + "echo whsec_$(openssl rand -base64 32)")
        }
        guard (24...64).contains(key.count) else {
            throw AlertingError(
                code: .badSecret,
                message: "the webhook secret holds \(key.count) bytes, not 24 to 64; make one with: "
                    + "echo whsec_$(openssl rand -base64 32)")
        }
        self.key = Array(key)
    }

    public var description: String { "whsec_…" }
    public var debugDescription: String { description }
}

/// Signatures of Standard Webhooks 1.0 (github.com/standard-webhooks/standard-webhooks), symmetric form `v1`.
public enum StandardWebhook {
    /// The headers `webhook-id`, `webhook-timestamp` and `webhook-signature` of one attempt.
    ///
    /// A signature is `v1,` and the Base64 of HMAC-SHA256 over `id.timestamp.body`. With several secrets (while keys are
    /// rotated) there are several, separated by spaces; without any the signature header is left out.
    ///
    /// - Parameters:
    ///   - id: the same in every attempt.
    ///   - timestampSeconds: the time of this attempt, seconds since 1970 UTC.
    ///   - body: the bytes exactly as sent.
    public static func sign(
        id: String, timestampSeconds: Int64, body: [UInt8], secrets: [WebhookSecret]
    ) -> [String: String] {
        var headers = ["webhook-id": id, "webhook-timestamp": "\(timestampSeconds)"]
        let signed = Array("\(id).\(timestampSeconds).".utf8) + body
        let signatures = secrets.map { secret in
            let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: secret.key))
            return "v1," + Data(code).base64EncodedString()
        }
        if !signatures.isEmpty { headers["webhook-signature"] = signatures.joined(separator: " ") }
        return headers
    }
}
