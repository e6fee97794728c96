import Foundation
import Statistics

/// JSON with its nulls: an absent number is said as null.
enum ExperimentJSON: Encodable {
    case number(Double?)
    case count(Int64?)
    case text(String)
    case flag(Bool)
    case list([ExperimentJSON])
    case object([String: ExperimentJSON])

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let number): try container.encode(number)
        case .count(let count): try container.encode(count)
        case .text(let text): try container.encode(text)
        case .flag(let flag): try container.encode(flag)
        case .list(let list): try container.encode(list)
        case .object(let members): try container.encode(members)
        }
    }

    /// Keys sorted, so that equal reports are equal texts; ends without a newline.
    func rendered() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

extension ExperimentReport {
    /// The JSON of CLI.md, and what else there is to say.
    func json() throws -> String {
        let effect = lead.effect
        return try ExperimentJSON.object([
            "variants": .list(variants.map(\.json)),
            "difference": .number(effect.difference), "low": .number(effect.low), "high": .number(effect.high),
            "p_value": .number(effect.pValue), "adjusted_p_value": .number(lead.adjustedPValue),
            "method": .text(method.rawValue), "status": .text(effect.status.rawValue),
            "srm": .object([
                "p_value": .number(sampleRatio.pValue), "statistic": .number(sampleRatio.statistic),
                "ok": .flag(sampleRatio.isOk),
            ]),
            "decision": .text(decision.outcome.rawValue), "reason": .text(decision.reason.rawValue),
            "metric": .text(metric), "metric_kind": .text(isProportion ? "proportion" : "mean"),
            "alpha": .number(alpha), "control": .text(control), "treatment": .text(lead.variant),
            "rows_without_variant": .count(Int64(rowsWithoutVariant)),
            "comparisons": .list(comparisons.map(\.json)), "secondary": .list(secondary.map(\.json)),
            "guardrails": .list(guardrails.map(\.json)),
            "covariates": .list(covariates.map { .text($0) }), "variance_reduction": .number(reduction),
            "notes": .list(notes.map { .text($0) }),
        ]).rendered()
    }
}

extension ExperimentReport.Variant {
    fileprivate var json: ExperimentJSON {
        var members: [String: ExperimentJSON] = [
            "variant": .text(variant), "n": .count(count), "assigned": .count(assigned), "mean": .number(mean),
        ]
        if let probabilityBest { members["probability_best"] = .number(probabilityBest) }
        if let expectedLoss { members["expected_loss"] = .number(expectedLoss) }
        return .object(members)
    }
}

extension ExperimentReport.Comparison {
    fileprivate var json: ExperimentJSON {
        var members: [String: ExperimentJSON] = [
            "metric": .text(metric), "variant": .text(variant), "method": .text(method),
            "difference": .number(effect.difference), "low": .number(effect.low), "high": .number(effect.high),
            "lift": .number(lift), "effect_size": .number(effect.effectSize), "p_value": .number(effect.pValue),
            "adjusted_p_value": .number(adjustedPValue), "status": .text(effect.status.rawValue),
        ]
        if let decision {
            members["decision"] = .text(decision.outcome.rawValue)
            members["reason"] = .text(decision.reason.rawValue)
        } else {
            members["harmed"] = .flag(isHarmed)
        }
        return .object(members)
    }
}
