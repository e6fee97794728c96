import Agent
import ArgumentParser

struct Experiment: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "A/B experiments: planning and analysis.", subcommands: [Analyze.self, Plan.self])

    struct Analyze: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Analyses a table with one row per unit: difference, interval, traffic check, decision.",
            discussion: """
                Examples: tidewatch experiment analyze visits.csv --variant group --metric bought
                          tidewatch experiment analyze visits.csv --variant group --metric revenue \\
                              --method confidence_sequence --covariate revenue_before --guardrail latency:lower
                          tidewatch experiment analyze visits.csv --variant group --metric bought \\
                              --looks 10000,20000,40000 --format html --output experiment.html
                """)

        @Argument(help: "The table: CSV or JSON lines, gzip allowed.")
        var file: String

        @Option(help: "The column that names the variant of each row.")
        var variant: String

        @Option(help: "The column that decides; repeat for others, which are reported with corrected p-values.")
        var metric: [String]

        @Option(
            help: """
                z, welch, mann_whitney, fisher, bootstrap or bayesian (one look); msprt, confidence_sequence (any look); \
                group_sequential (scheduled looks). Default: z for a metric of 0 and 1, else welch.
                """)
        var method: String?

        @Option(help: "A column measured before the experiment, to take variance out (CUPED); may be repeated.")
        var covariate: [String] = []

        @Option(
            parsing: .unconditional,
            help: "The variant to compare with; default: control, a, baseline, old, 0 or false, else the first name.")
        var control: String?

        @Option(help: "The chance of a false conclusion.")
        var alpha = 0.05

        @Option(help: "The planned shares, such as a=0.5,b=0.5; default: even.")
        var allocation: String?

        @Option(
            help:
                "A column that must not get worse: COLUMN, COLUMN:lower or COLUMN:lower:ACCEPTED_HARM; may be repeated."
        )
        var guardrail: [String] = []

        @Option(help: "The total sample sizes of the scheduled looks, such as 1000,2000,4000 (group_sequential).")
        var looks: String?

        @Option(help: "obrien_fleming, pocock or power:RHO (group_sequential).")
        var spending = "obrien_fleming"

        @Option(
            parsing: .unconditional,
            help: "The spread of effects you expect, in the metric's unit (msprt); default: a tenth of its sd.")
        var tau: Double?

        @Option(help: "The total sample size at which the interval should be narrowest (confidence_sequence).")
        var tunedFor = 5_000.0

        @Flag(help: "A smaller metric is better.")
        var lowerIsBetter = false

        @Option(help: "Conclude nothing before every variant has so many rows.")
        var minimumSample: Int64 = 0

        @Option(help: "The planned total sample size: the end of the experiment.")
        var plannedSample: Int64?

        @Option(help: "How many days the experiment has been running.")
        var daysRunning: Double?

        @Option(help: "After how many days it ends.")
        var maximumDays: Double?

        @Option(parsing: .unconditional, help: "Effects smaller than this do not matter, in the metric's unit.")
        var irrelevantBelow = 0.0

        @Option(help: "How p-values of several variants and metrics are corrected: holm or bh.")
        var correction = "holm"

        @Option(help: "Resamples of the bootstrap.")
        var resamples = 2_000

        @Option(help: "Seed of the bootstrap.")
        var seed: UInt64 = 1

        @Option(help: "text, json or html.")
        var format: ReportFormatArgument = .text

        @Option(help: "Write to this file instead of standard output.")
        var output: String?

        @Flag(help: "Say nothing but the result.")
        var quiet = false

        func run() throws {
            var options = ExperimentOptions(path: file, variant: variant, metrics: metric)
            options.method = method
            options.covariates = covariate
            options.control = control
            options.alpha = alpha
            options.allocation = allocation
            options.guardrails = guardrail
            options.looks = looks
            options.spending = spending
            options.tau = tau
            options.tunedFor = tunedFor
            options.isLowerBetter = lowerIsBetter
            options.minimumSample = minimumSample
            options.plannedSample = plannedSample
            options.daysRunning = daysRunning
            options.maximumDays = maximumDays
            options.irrelevantBelow = irrelevantBelow
            options.correction = correction
            options.resamples = resamples
            options.seed = seed
            options.format = format.rawValue
            options.outputPath = output
            options.isQuiet = quiet
            try ExperimentCommand.analyze(options)
        }
    }

    struct Plan: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "How many observations an experiment needs, or what a given number finds.",
            discussion: """
                Examples: tidewatch experiment plan --baseline 0.10 --effect 0.01
                          tidewatch experiment plan --metric-kind mean --baseline 20 --sd 8 --effect 0.5 --power 0.9
                          tidewatch experiment plan --baseline 0.10 --size 50000 --allocation control=0.9,new=0.1
                """)

        @Option(parsing: .unconditional, help: "The control's proportion or mean.")
        var baseline: Double

        @Option(
            parsing: .unconditional,
            help: "The difference to be found, in the metric's unit (0.01 is one point); negative for a fall.")
        var effect: Double?

        @Option(help: "The total number of observations there will be, instead of or beside --effect.")
        var size: Int64?

        @Option(help: "proportion or mean.")
        var metricKind = "proportion"

        @Option(parsing: .unconditional, help: "The standard deviation of a mean's values.")
        var sd: Double?

        @Option(help: "The chance of finding a difference where there is none.")
        var alpha = 0.05

        @Option(help: "The chance of finding the effect.")
        var power = 0.8

        @Option(help: "Shares, the control's first: 0.5,0.5 or a=0.5,b=0.25,c=0.25.")
        var allocation: String?

        @OptionGroup var common: CommonOptions

        func run() throws {
            var options = ExperimentPlanOptions(baseline: baseline)
            options.effect = effect
            options.size = size
            options.metricKind = metricKind
            options.deviation = sd
            options.alpha = alpha
            options.power = power
            options.allocation = allocation
            options.isJSON = common.format == .json
            try ExperimentCommand.plan(options)
        }
    }
}
