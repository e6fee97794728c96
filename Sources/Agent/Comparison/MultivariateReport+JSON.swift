import Foundation
import Statistics

extension ComparedRows: Encodable {
    private enum Keys: String, CodingKey {
        case statistic, value, effect, interval, status, drift, severity, reason, method, columns
        case pValue = "p_value"
        case adjustedPValue = "adjusted_p_value"
    }
    private enum IntervalKeys: String, CodingKey { case low, high }

    // `encode` of an optional, and not `encodeIfPresent`: an absent number is said as null.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(statistic.rawValue, forKey: .statistic)
        try container.encode(result.value, forKey: .value)
        try container.encode(result.pValue, forKey: .pValue)
        try container.encode(adjustedPValue, forKey: .adjustedPValue)
        try container.encode(result.effect, forKey: .effect)
        if let low = result.low, let high = result.high {
            var interval = container.nestedContainer(keyedBy: IntervalKeys.self, forKey: .interval)
            try interval.encode(low, forKey: .low)
            try interval.encode(high, forKey: .high)
        }
        try container.encode(status, forKey: .status)
        try container.encode(drift, forKey: .drift)
        try container.encode(severity, forKey: .severity)
        try container.encode(reason, forKey: .reason)
        try container.encode(result.method, forKey: .method)
        if !result.columns.isEmpty { try container.encode(Array(result.columns.prefix(10)), forKey: .columns) }
    }
}
