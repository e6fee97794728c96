import Foundation
import Learning
import Statistics

/// What one should know of a model before it decides anything: as Markdown, and as a page of its own.
struct ModelCard {
    enum Block {
        case text(String)
        case list([String])
        case table(header: [String], rows: [[String]])
        /// Side by side, as inline SVG; in Markdown the tables have to do.
        case pictures([(name: String, picture: String)])
    }

    typealias Section = (title: String, blocks: [Block])

    let title: String
    /// Those without a block are left out.
    let sections: [Section]

    init(title: String, sections: [Section]) {
        self.title = title
        self.sections = sections.filter { !$0.blocks.isEmpty }
    }

    /// What to do when the model turns out bad.
    static func rollback(_ name: String?) -> [Block] {
        guard let name else {
            return [.text("The model is not in a registry; go back by serving the artifact that was served before.")]
        }
        return [
            .text(
                "tidewatch models rollback \(name) --reason \"why\" makes the predecessor the champion again; "
                    + "tidewatch models history \(name) shows what served when.")
        ]
    }

    static func columns(_ features: [String], leftOut: [(column: String, reason: String)]) -> [Block] {
        let names = features.prefix(60).joined(separator: ", ") + (features.count > 60 ? ", …" : "")
        let blocks = [Block.text("\(features.count) columns: \(names).")]
        guard !leftOut.isEmpty else { return blocks }
        var lines = leftOut.prefix(60).map { "left out: \($0.column) (\($0.reason))" }
        if leftOut.count > 60 { lines.append("and \(leftOut.count - 60) more") }
        return blocks + [.list(lines)]
    }

    static func text(_ value: ParameterValue) -> String {
        value.number.map { ComparisonFormat.short($0) } ?? value.text ?? ""
    }
}

extension ComparisonFormat {
    /// A number with up to six digits that count; whole ones without a fraction.
    static func short(_ value: Double) -> String {
        value == value.rounded() && value.magnitude < 1e15 ? String(Int64(value)) : String(format: "%.6g", value)
    }
}
