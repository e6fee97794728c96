import Foundation

/// The HTTP header `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date.
enum RetryAfter {
    /// One hour: a receiver must not silence its alerts for longer by one header.
    static let maximumMicroseconds: Int64 = 3_600_000_000

    /// How long to wait from now, microseconds, 0 to an hour; `nil` when the text is neither.
    static func delayMicroseconds(_ text: String, nowMicroseconds: Int64) -> Int64? {
        let text = text.trimmingCharacters(in: .whitespaces)
        if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            guard let seconds = Int64(text), seconds < maximumMicroseconds / 1_000_000 else {
                return maximumMicroseconds
            }
            return seconds * 1_000_000
        }
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        guard let date = formatter.date(from: text) else { return nil }
        let delay = date.timeIntervalSince1970 * 1_000_000 - Double(nowMicroseconds)
        return Int64(min(max(delay, 0), Double(maximumMicroseconds)))
    }
}
