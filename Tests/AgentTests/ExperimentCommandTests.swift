import Foundation
import FoundationXML
import Testing
import TidewatchTestKit

@testable import Agent

@Suite struct ExperimentCommandTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "experiment-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func file(_ text: String) throws -> String {
        let path = folder.appending(path: "visits.csv").path()
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    /// Two variants: `bought` 30 % against 40 %, revenue explained by what was spent before, a latency that is the same.
    private func visits(_ rows: Int = 2_000, lift: Double = 0.1, slower: Double = 0) throws -> ExperimentOptions {
        var stream = DriftStream(seed: 12)
        var text = "group,bought,revenue,before,latency,note\n"
        for row in 0..<rows {
            let isNew = row % 2 == 1
            let before = stream.normal(mean: 20, deviation: 5)
            let revenue = before + stream.normal() + (isNew ? 0.3 : 0)
            let latency = stream.normal(mean: 100 + (isNew ? slower : 0), deviation: 10)
            let bought = stream.uniform() < (isNew ? 0.3 + lift : 0.3) ? 1 : 0
            text += "\(isNew ? "new" : "control"),\(bought),\(revenue),\(before),\(latency),x\(row)\n"
        }
        return ExperimentOptions(path: try file(text), variant: "group", metrics: ["bought"])
    }

    private func json(_ options: ExperimentOptions) throws -> [String: Any] {
        var options = options
        options.format = "json"
        let text = try ExperimentCommand.render(options)
        return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private func number(_ value: Any?) throws -> Double { try #require(value as? NSNumber).doubleValue }

    private func refusal(_ options: ExperimentOptions) -> String {
        do {
            _ = try ExperimentCommand.render(options)
            return "accepted"
        } catch let stop as CommandStop {
            #expect(stop.exitCode == 2)
            return stop.message ?? ""
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: [(["blue", "red"], "blue", true), (["new", "old"], "old", false), (["B", "A"], "A", false)])
    func theControlIsNamed(_ variants: [String], _ control: String, _ isGuessed: Bool) throws {
        let rows = (0..<400).map { "\(variants[$0 % 2]),\($0 % 3 == 0 ? 1 : 0)" }
        let path = try file("group,bought\n" + rows.joined(separator: "\n") + "\n")
        let options = ExperimentOptions(path: path, variant: "group", metrics: ["bought"])
        let text = try ExperimentCommand.render(options)
        #expect(text.contains("bought against \(control) by z"))
        #expect(text.contains("compared with \(control), the first name in order") == isGuessed)
        var asked = options
        asked.control = variants[1]
        #expect(!(try ExperimentCommand.render(asked)).contains("the first name in order"))
    }

    @Test func theContractOfTheJSON() throws {
        let report = try json(try visits())
        for key in ["variants", "difference", "low", "high", "p_value", "method", "srm", "decision", "reason"] {
            #expect(report[key] != nil, "\(key)")
        }
        let variants = try #require(report["variants"] as? [[String: Any]])
        #expect(variants.map { $0["variant"] as? String } == ["control", "new"])
        #expect(variants.map { $0["n"] as? Int } == [1_000, 1_000])
        let means = try variants.map { try number($0["mean"]) }
        #expect(abs(try number(report["difference"]) - (means[1] - means[0])) < 1e-12)
        #expect(report["method"] as? String == "z")
        #expect(report["decision"] as? String == "promote")
        #expect(report["reason"] as? String == "better")
        let ratio = try #require(report["srm"] as? [String: Any])
        #expect(try number(ratio["p_value"]) == 1)
        #expect(ratio["ok"] as? Bool == true)
    }

    @Test(arguments: ExperimentMethod.allCases) func everyMethodFindsAClearDifference(_ method: ExperimentMethod) throws
    {
        var options = try visits(3_000, lift: 0.2)
        options.method = method.rawValue
        options.looks = "1000,2000,3000"
        options.resamples = 200
        let report = try json(options)
        #expect(report["method"] as? String == method.rawValue)
        #expect(report["decision"] as? String == "promote")
        // The median of differences of 0 and 1 is 0 or 1; the others estimate 0.2.
        #expect(try number(report["low"]) >= (method == .mannWhitney ? 0 : 0.05))
        if method == .bayesian {
            #expect(report["p_value"] is NSNull)
            let variants = try #require(report["variants"] as? [[String: Any]])
            #expect(try number(variants[1]["probability_best"]) > 0.999)
        } else {
            #expect(try number(report["p_value"]) < 0.01)
        }
    }

    @Test func theMethodFollowsTheMetric() throws {
        var options = try visits()
        options.metrics = ["revenue"]
        #expect(try json(options)["method"] as? String == "welch")
        options.looks = "1000,2000"
        #expect(try json(options)["method"] as? String == "group_sequential")
    }

    @Test func covariatesNarrowTheInterval() throws {
        var options = try visits()
        options.metrics = ["revenue"]
        let plain = try json(options)
        options.covariates = ["before"]
        let adjusted = try json(options)
        let widths = try [plain, adjusted].map { try number($0["high"]) - number($0["low"]) }
        #expect(widths[1] < widths[0] / 3)
        #expect(try number(adjusted["variance_reduction"]) > 0.9)
        #expect(adjusted["reason"] as? String == "better")
        // A share of 0 and 1 is adjusted by Welch's t, for z has no covariates.
        options.metrics = ["bought"]
        #expect(try json(options)["method"] as? String == "welch")
        options.method = "z"
        #expect(refusal(options).contains("--covariate"))
        // Further metrics are adjusted as well, whichever of them decides.
        options.method = nil
        options.metrics = ["bought", "revenue"]
        let further = try #require((try json(options)["secondary"] as? [[String: Any]])?.first)
        #expect(abs(try number(further["high"]) - number(further["low"]) - widths[1]) < 1e-9)
    }

    @Test func guardrailsRollBack() throws {
        var options = try visits(slower: 5)
        options.guardrails = ["latency:lower"]
        #expect(try json(options)["reason"] as? String == "guardrail_harmed")
        options.guardrails = ["latency:lower:20"]
        #expect(try json(options)["decision"] as? String == "promote")
        options.guardrails = ["latency:down"]
        #expect(refusal(options).contains("--guardrail"))
    }

    @Test func aMismatchStopsTheExperiment() throws {
        var options = try visits()
        options.allocation = "control=0.6,new=0.4"
        let report = try json(options)
        #expect(report["decision"] as? String == "inconclusive")
        #expect(report["reason"] as? String == "sample_ratio_mismatch")
        options.allocation = "control=0.6"
        #expect(refusal(options).contains("none for \"new\""))
        options.allocation = "control=0.6,new=x"
        #expect(refusal(options).contains("new=x"))
        options.allocation = "control=0.5,new=0.4"
        #expect(refusal(options).contains("add up to 0.9"))
        options.allocation = "control=50,new=50"
        #expect(refusal(options).contains("add up to 100"))
    }

    @Test func rulesHoldBackADecision() throws {
        var options = try visits()
        options.plannedSample = 5_000
        #expect(try json(options)["reason"] as? String == "planned_end_not_reached")
        options.plannedSample = nil
        options.minimumSample = 1_001
        #expect(try json(options)["reason"] as? String == "minimum_sample_not_reached")
        options.minimumSample = 0
        options.isLowerBetter = true
        #expect(try json(options)["decision"] as? String == "roll_back")
    }

    @Test func severalVariantsAndMetricsAreCorrected() throws {
        var stream = DriftStream(seed: 14)
        var text = "arm,m,other\n"
        for row in 0..<3_000 {
            text +=
                "\("abc".map(String.init)[row % 3]),\(stream.normal(mean: row % 3 == 2 ? 0.3 : 0)),\(stream.normal())\n"
        }
        var options = ExperimentOptions(path: try file(text), variant: "arm", metrics: ["m", "other"])
        let report = try json(options)
        #expect(report["treatment"] as? String == "c")
        #expect(report["decision"] as? String == "promote")
        let comparisons = try #require(report["comparisons"] as? [[String: Any]])
        #expect(comparisons.map { $0["variant"] as? String } == ["b", "c"])
        for comparison in comparisons {
            #expect(try number(comparison["adjusted_p_value"]) >= number(comparison["p_value"]))
        }
        #expect((report["secondary"] as? [[String: Any]])?.count == 2)
        options.control = "c"
        #expect(try json(options)["decision"] as? String == "roll_back")
        options.control = "z"
        #expect(refusal(options).contains("a, b, c"))
    }

    @Test func mistakesAreNamed() throws {
        let good = try visits(40)
        func change(_ body: (inout ExperimentOptions) -> Void) -> String {
            var options = good
            body(&options)
            return refusal(options)
        }
        let unknown = change { $0.metrics = ["revenu"] }
        #expect(unknown.contains("visits.csv") && unknown.contains("\"revenu\"") && unknown.contains("\"revenue\""))
        #expect(change { $0.variant = "grup" }.contains("did you mean \"group\""))
        #expect(change { $0.variant = "note" }.contains("more than 20"))
        #expect(change { $0.metrics = ["note"] }.contains("holds text such as \"x0\""))
        #expect(change { $0.method = "welsh" }.contains("did you mean welch"))
        #expect(change { $0.method = "group_sequential" }.contains("--looks"))
        #expect(change { $0.looks = "5,3" }.contains("--looks"))
        #expect(change { $0.spending = "power:-1" }.contains("--spending"))
        #expect(change { $0.alpha = 1.5 }.contains("--alpha"))
        #expect(
            change {
                $0.metrics = ["revenue"]
                $0.method = "z"
            }.contains("0 and 1"))
        #expect(change { $0.path = "/nowhere/visits.csv" }.contains("/nowhere/visits.csv"))
        let single = ExperimentOptions(path: try file("g,m\na,1\na,2\n"), variant: "g", metrics: ["m"])
        #expect(refusal(single).contains("at least two variants"))
    }

    /// The looks count the whole experiment, however many variants it has; and what comes between them is said.
    @Test func looksCountAllVariants() throws {
        var stream = DriftStream(seed: 21)
        let rows = (0..<3_000).map { row in
            "\(["control", "b", "c"][row % 3]),\(stream.uniform() < (row % 3 == 1 ? 0.5 : 0.3) ? 1 : 0)"
        }
        var options = ExperimentOptions(
            path: try file("g,m\n" + rows.joined(separator: "\n")), variant: "g", metrics: ["m"])
        options.looks = "3000,6000"
        let report = try json(options)
        #expect(report["status"] == nil || report["status"] as? String == "ok")
        #expect(report["p_value"] is NSNumber)
        #expect(!(try ExperimentCommand.render(options)).contains("no scheduled look"))
        options.looks = "2000,6000"
        #expect(try ExperimentCommand.render(options).contains("3000 observations are no scheduled look"))
    }

    @Test func hostileTablesAreSaid() throws {
        let rows = "a,1e308\na,-1e308\nb,inf\nb,\n,5\nb,NA\n"
        var options = ExperimentOptions(path: try file("g,m\n" + rows), variant: "g", metrics: ["m"])
        for method in ["welch", "mann_whitney", "bootstrap", "msprt", "confidence_sequence"] {
            options.method = method
            let report = try json(options)
            #expect(report["status"] as? String == "no_data", "\(method)")
            #expect(report["reason"] as? String == "insufficient_data")
            #expect(report["rows_without_variant"] as? Int == 1)
        }
    }

    @Test func pagesAndTexts() throws {
        var options = try visits()
        options.guardrails = ["latency:lower"]
        options.metrics = ["bought", "revenue"]
        let text = try ExperimentCommand.render(options)
        #expect(text.contains("promote new: better"))
        #expect(text.contains("peeking"))
        options.format = "html"
        let page = try ExperimentCommand.render(options)
        let parser = XMLParser(data: Data(page.utf8))
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        #expect(page.contains("<svg") && page.contains("no difference") && !page.contains("<script"))
        let hostile = "g,m\n" + (0..<40).map { "\($0 % 2 == 0 ? "<b>&" : "a\u{202E}"),\($0 % 3)\n" }.joined()
        var strange = ExperimentOptions(path: try file(hostile), variant: "g", metrics: ["m"])
        strange.format = "html"
        let escaped = try ExperimentCommand.render(strange)
        #expect(XMLParser(data: Data(escaped.utf8)).parse())
        #expect(!escaped.contains("<b>&"))
    }

    @Test func thePlan() throws {
        var options = ExperimentPlanOptions(baseline: 0.1)
        options.effect = 0.01
        let plan = try ExperimentPlan(options)
        // statsmodels: 14,750.8 in each.
        #expect(plan.arms.map(\.size) == [14_751, 14_751])
        #expect(abs((plan.power ?? 0) - 0.8) < 1e-4)
        #expect(abs((plan.minimumEffect ?? 0) - 0.01) < 1e-5)
        #expect(try ExperimentCommand.render(options).contains("29502"))
        options.isJSON = true
        let text = try ExperimentCommand.render(options)
        let json = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(json["total"] as? Int == 29_502)
        var mean = ExperimentPlanOptions(baseline: 20)
        mean.metricKind = "mean"
        mean.deviation = 5
        mean.effect = 1
        // statsmodels: 393.4 in each at d = 0.2.
        #expect(try ExperimentPlan(mean).arms.map(\.size) == [394, 394])
        mean.effect = nil
        mean.size = 400
        #expect(abs((try ExperimentPlan(mean).minimumEffect ?? 0) - 5 * 0.28083645) < 1e-6)
        mean.allocation = "old=0.5,x=0.25,y=0.25"
        #expect(try ExperimentPlan(mean).arms.map(\.size) == [200, 100, 100])
        #expect(try ExperimentPlan(mean).alpha == 0.025)
    }

    @Test func mistakesInAPlanAreNamed() {
        func refusal(_ change: (inout ExperimentPlanOptions) -> Void) -> String {
            var options = ExperimentPlanOptions(baseline: 0.1)
            options.effect = 0.01
            change(&options)
            do {
                return try ExperimentCommand.render(options)
            } catch {
                return (error as? CommandStop)?.message ?? "\(error)"
            }
        }
        #expect(refusal { $0.effect = 0 }.contains("--effect"))
        #expect(refusal { $0.effect = nil }.contains("--size"))
        #expect(refusal { $0.baseline = 20 }.contains("--metric-kind mean"))
        #expect(refusal { $0.metricKind = "mean" }.contains("--sd"))
        #expect(refusal { $0.metricKind = "count" }.contains("--metric-kind"))
        #expect(refusal { $0.power = 1 }.contains("--power"))
        #expect(refusal { $0.allocation = "0.5" }.contains("--allocation"))
        #expect(refusal { $0.allocation = "a=0.5,b=0.4" }.contains("add up to 0.9"))
        #expect(refusal { $0.allocation = "9,1" }.contains("add up to 10"))
        #expect(!refusal { $0.allocation = "0.33,0.33,0.33" }.contains("add up"))
        #expect(refusal { $0.effect = 1e-9 }.contains("10^15"))
    }
}
