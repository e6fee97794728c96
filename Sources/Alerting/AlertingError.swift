/// A notifier's configuration that cannot work. Its text never shows a secret.
public struct AlertingError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: String, Sendable {
        case badSecret = "bad_secret"
        case badEndpoint = "bad_endpoint"
    }

    public let code: Code
    /// What is wrong and what to do.
    public let message: String

    public var description: String { message }
}
