import Detection
import Foundation

/// What carries an alert, for machines and for people.
extension AlertMessage {
    // MARK: - JSON

    static func attribution(_ attribution: VerdictAttribution) -> JSONText {
        var text = JSONText()
        if attribution.importance != nil { text.add("importance", attribution.importance) }
        if let columns = attribution.columns {
            text.add("statistic", columns.statistic)
            text.add("weights", columns.weights.rawValue)
            text.add("drifted_columns", Int64(columns.drifted))
            text.add("judged_columns", Int64(columns.judged))
            text.add("drifted_importance", columns.driftedImportance)
            text.add("columns", objects: columns.parts.map(part))
        }
        if let fall = attribution.fall { text.add("fall", object: object(fall)) }
        return text
    }

    private static func part(_ part: ColumnAttribution.Part) -> JSONText {
        var text = JSONText()
        text.add("column", short(part.column))
        text.add("share", part.share)
        text.add("importance", part.importance)
        text.add("value", part.value)
        return text
    }

    private static func object(_ fall: PerformanceFall) -> JSONText {
        var window = JSONText()
        window.add("start", RFC3339.text(fall.windowStart))
        window.add("end", RFC3339.text(fall.windowEnd))
        var text = JSONText()
        text.add("since", object: window)
        text.add("before", fall.before)
        text.add("by", fall.fall)
        text.add("exact", fall.isExact)
        text.add("compared_segments", Int64(fall.compared))
        text.add(
            "segments",
            objects: fall.parts.map { part in
                var text = JSONText()
                text.add("segment", short(part.segment))
                text.add("share", part.share)
                text.add("pairs", part.pairShare)
                text.add("before", part.before)
                text.add("now", part.now)
                return text
            })
        return text
    }

    // MARK: - Words

    /// Columns and segments that a sentence names.
    private static let named = 3

    /// What follows the sentence, with its `; `; empty where there is nothing to say.
    static func carried(_ verdict: Verdict, by attribution: VerdictAttribution) -> String {
        let clauses: [String?] =
            if case .performance = verdict.subject {
                [attribution.fall.map(fallText), movedText(attribution.columns)]
            } else {
                [driftText(attribution, column: verdict.column)]
            }
        return clauses.compactMap(\.self).filter { !$0.isEmpty }.map { "; " + $0 }.joined()
    }

    private static func driftText(_ attribution: VerdictAttribution, column: String?) -> String {
        guard let columns = attribution.columns else { return "" }
        let own = attribution.importance.map(importanceText)
        guard columns.drifted > 1 else {
            return own.map { "the only drifted column, importance \($0)" } ?? ""
        }
        guard let total = columns.driftedImportance else {
            let list = list(columns)
            return list.isEmpty ? "" : "the window's drift, all columns weighed alike: \(list)"
        }
        guard total > 0 else { return "the \(columns.drifted) drifted columns carry none of the model's importance" }
        var text = "the window's drift weighed by importance: \(list(columns))"
        if let column, let own, !columns.parts.prefix(named).contains(where: { $0.column == column }) {
            text += "; \(short(column)) has importance \(own)"
        }
        let share = "carry \(importanceText(total)) of the model's importance"
        return text + "; the \(columns.drifted) drifted columns \(share)"
    }

    private static func fallText(_ fall: PerformanceFall) -> String {
        let before = "\(JSONText.rounded(fall.before)) in its first full window"
        guard fall.fall > 0 else { return "no better in its first full window: \(JSONText.rounded(fall.before))" }
        guard fall.compared > 0 else { return before }
        let segments = fall.parts.prefix(named).map { part in
            "\(short(part.segment)) (\(percent(part.share)) with \(percent(part.pairShare)) of the pairs)"
        }
        guard !segments.isEmpty else { return before + ", the fall is spread over the segments" }
        return before + ", the fall carried by " + segments.joined(separator: ", ")
    }

    private static func movedText(_ columns: ColumnAttribution?) -> String {
        guard let columns else { return "drift of the columns is not known" }
        guard columns.drifted > 0 else { return "no column has drifted" }
        if columns.driftedImportance == 0 { return "columns without importance drifted" }
        let list = list(columns)
        guard !list.isEmpty else { return "" }
        return "drifted: \(list)" + (columns.weights == .equal ? ", all columns weighed alike" : "")
    }

    /// `amount (61 %, importance 0.44), channel (30 %, 0.21)`; columns that carry less than half a percent are left out.
    private static func list(_ columns: ColumnAttribution) -> String {
        columns.parts.prefix(named).filter { ($0.share ?? 0) >= 0.005 }.enumerated().map { index, part in
            let importance = part.importance.map { ", \(index == 0 ? "importance " : "")\(importanceText($0))" } ?? ""
            return "\(short(part.column)) (\(percent(part.share ?? 0))\(importance))"
        }.joined(separator: ", ")
    }

    private static func percent(_ share: Double) -> String { String(format: "%.0f %%", share * 100) }

    private static func importanceText(_ importance: Double) -> String {
        if importance == 0 { return "0" }
        return importance < 0.005 ? "below 0.01" : String(format: "%.2f", importance)
    }

    private static func short(_ name: String) -> String { brief(name, maximum: 64) }
}
