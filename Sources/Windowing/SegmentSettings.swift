/// By which features a model's events are divided, each feature by itself.
public struct SegmentSettings: Sendable, Equatable {
    /// A waiting prediction remembers one byte for each.
    public static let maximumColumns = 4
    /// Values that fit into a byte beside `other`.
    public static let valuesLimit = 250

    /// Features by name, at most four; further ones are left out.
    public let columns: [String]
    /// Values of a column that are segments; all others are `other`.
    public let maximumValues: Int
    /// Whether every column is counted for each segment too, which costs the work of a pane for each segment column.
    public let countsDrift: Bool

    public init(columns: [String] = [], maximumValues: Int = 50, countsDrift: Bool = false) {
        self.columns = Array(columns.prefix(Self.maximumColumns))
        self.maximumValues = min(max(1, maximumValues), Self.valuesLimit)
        self.countsDrift = countsDrift
    }
}

/// One part of a model's events: those with one value of one feature.
public struct SegmentKey: Hashable, Sendable, Comparable, CustomStringConvertible {
    public static let other = "other"

    public var column: String
    /// A category, a number, `true`, a range `[0.3, 1.2)`; `other` for what the reference does not have among its most
    /// frequent values, missing ones included.
    public var value: String

    public init(column: String, value: String) {
        self.column = column
        self.value = value
    }

    /// `region=north`.
    public var description: String { "\(column)=\(value)" }

    public static func < (left: SegmentKey, right: SegmentKey) -> Bool {
        (left.column, left.value) < (right.column, right.value)
    }
}

/// A summary of one segment's events.
public struct SegmentPart<Summary: Sendable & Equatable>: Sendable, Equatable {
    public var segment: SegmentKey
    public var summary: Summary

    public init(segment: SegmentKey, summary: Summary) {
        self.segment = segment
        self.summary = summary
    }
}
