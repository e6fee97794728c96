import Foundation
import Statistics

extension DetectReport: Encodable {
    /// The JSON of docs/statistics.md, keys sorted; null for what is not known. Ends without a newline.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    private enum Keys: String, CodingKey {
        case rows, signal, detectors, drift
        case rowsOutOfOrder = "rows_out_of_order"
    }

    func encode(to encoder: any Encoder) throws {
        struct Drift: Encodable {
            var detected: Bool
            var detectors: [String]
        }
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(signal.values.count, forKey: .rows)
        try container.encode(signal, forKey: .signal)
        try container.encode(rowsOutOfOrder, forKey: .rowsOutOfOrder)
        try container.encode(detectors, forKey: .detectors)
        let drifted = driftedDetectors.map(\.kind.rawValue)
        try container.encode(Drift(detected: !drifted.isEmpty, detectors: drifted), forKey: .drift)
    }
}

extension DetectSignal: Encodable {
    private enum Keys: String, CodingKey { case kind, name, used, missing, infinite, text, mean }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(source.rawValue, forKey: .kind)
        try container.encode(name, forKey: .name)
        try container.encode(usedCount, forKey: .used)
        try container.encode(missing, forKey: .missing)
        try container.encode(infinite, forKey: .infinite)
        try container.encode(text, forKey: .text)
        try container.encode(mean, forKey: .mean)
    }
}

extension DetectReport.Detector: Encodable {
    private enum Keys: String, CodingKey { case detector, status, used, refused, drifts, warnings }

    private enum FindingKeys: String, CodingKey {
        case row, time, began, rows
        case meanBefore = "mean_before"
        case meanAfter = "mean_after"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(kind.rawValue, forKey: .detector)
        try container.encode(status.rawValue, forKey: .status)
        try container.encode(taken, forKey: .used)
        try container.encode(refused, forKey: .refused)
        for (key, findings) in [(Keys.drifts, drifts), (.warnings, warnings)] {
            var list = container.nestedUnkeyedContainer(forKey: key)
            for finding in findings {
                var members = list.nestedContainer(keyedBy: FindingKeys.self)
                try members.encode(finding.row, forKey: .row)
                try members.encode(finding.time, forKey: .time)
                if key == .drifts {
                    try members.encode(finding.began, forKey: .began)
                } else {
                    try members.encode(finding.length, forKey: .rows)
                }
                try members.encode(finding.meanBefore, forKey: .meanBefore)
                try members.encode(finding.meanAfter, forKey: .meanAfter)
            }
        }
    }
}
