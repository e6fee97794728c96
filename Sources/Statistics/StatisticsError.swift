/// Bytes or a profile that cannot be read.
public struct StatisticsError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// The bytes are cut short, altered, or not of this kind.
        case damaged
        /// Written by a newer Tidewatch.
        case unsupportedVersion = "unsupported_version"
        /// A reference profile whose parts contradict each other.
        case invalidProfile = "invalid_profile"
    }

    public let code: Code
    /// What happened, where, and what to do.
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
