import Foundation
import Statistics

extension ComparisonReport: Encodable {
    private enum Keys: String, CodingKey { case rows, columns, drift, multivariate }
    private enum RowKeys: String, CodingKey { case reference, current }
    private enum DriftKeys: String, CodingKey { case detected, columns, share, multivariate }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        var rows = container.nestedContainer(keyedBy: RowKeys.self, forKey: .rows)
        try rows.encode(rowsReference, forKey: .reference)
        try rows.encode(rowsCurrent, forKey: .current)
        try container.encode(columns, forKey: .columns)
        var drift = container.nestedContainer(keyedBy: DriftKeys.self, forKey: .drift)
        try drift.encode(hasDrifted, forKey: .detected)
        try drift.encode(driftedColumns, forKey: .columns)
        try drift.encode(driftedShare, forKey: .share)
        guard let multivariate else { return }
        try container.encode(multivariate.statistics, forKey: .multivariate)
        try drift.encode(multivariate.drifted.map(\.rawValue), forKey: .multivariate)
    }

    /// The JSON of CLI.md, keys sorted so that equal reports are equal texts; ends without a newline.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

// `encode` of an optional, and not `encodeIfPresent`: an absent number is said as null.
extension ComparedColumn: Encodable {
    private enum Keys: String, CodingKey {
        case column, kind, status, missing, invalid, statistics, evidence, drift, severity, reason, detail
        case adjustedPValue = "adjusted_p_value"
    }
    private enum SideKeys: String, CodingKey { case reference, current }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(column, forKey: .column)
        try container.encode(kind, forKey: .kind)
        try container.encode(status, forKey: .status)
        var missing = container.nestedContainer(keyedBy: SideKeys.self, forKey: .missing)
        try missing.encode(missingReference, forKey: .reference)
        try missing.encode(missingCurrent, forKey: .current)
        var invalid = container.nestedContainer(keyedBy: SideKeys.self, forKey: .invalid)
        try invalid.encode(invalidReference, forKey: .reference)
        try invalid.encode(invalidCurrent, forKey: .current)
        try container.encode(statistics, forKey: .statistics)
        try container.encode(evidence, forKey: .evidence)
        try container.encode(adjustedPValue, forKey: .adjustedPValue)
        try container.encode(drift, forKey: .drift)
        try container.encode(severity, forKey: .severity)
        try container.encode(reason, forKey: .reason)
        try container.encodeIfPresent(detail, forKey: .detail)
    }
}

extension ComparedStatistic: Encodable {
    private enum Keys: String, CodingKey {
        case value, status, method
        case pValue = "p_value"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(value, forKey: .value)
        try container.encode(pValue, forKey: .pValue)
        // A number that is there needs no status: the contract names one only beside a null.
        if status != .ok { try container.encode(status, forKey: .status) }
        try container.encodeIfPresent(method, forKey: .method)
    }
}
