import Agent
import ArgumentParser

struct Models: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The registry: versions, their champion and their history.",
        subcommands: [List.self, Show.self, History.self, Promote.self, Rollback.self, Retrain.self])

    /// Where the registry is, for all of them.
    struct RegistryOptions: ParsableArguments {
        @Option(help: "The configuration file that names the state directory.")
        var config: String?

        @Option(help: "The state directory itself; default: ./tidewatch-state.")
        var stateDirectory: String?

        @OptionGroup var common: CommonOptions

        var location: RegistryLocation {
            RegistryLocation(
                configurationPath: config, stateDirectory: stateDirectory, format: common.format.format)
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists models, or the versions of one.", discussion: "Example: tidewatch models list electricity")

        @Argument(help: "The model; default: all.")
        var name: String?

        @OptionGroup var registry: RegistryOptions

        func run() throws { try ModelsCommand.list(model: name, at: registry.location) }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows one version: metrics, data, lineage.",
            discussion: "Example: tidewatch models show electricity@3")

        @Argument(help: "NAME or NAME@VERSION; default: the champion.")
        var name: String

        @OptionGroup var registry: RegistryOptions

        func run() throws { try ModelsCommand.show(name, at: registry.location) }
    }

    struct History: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints a model's ledger.", discussion: "Example: tidewatch models history electricity")

        @Argument(help: "The model.")
        var name: String

        @OptionGroup var registry: RegistryOptions

        func run() throws { try ModelsCommand.history(of: name, at: registry.location) }
    }

    struct Promote: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a version the champion.",
            discussion: "Example: tidewatch models promote electricity@3 --reason \"checked by hand\"")

        @Argument(help: "NAME@VERSION.")
        var name: String

        @Option(help: "Why, for the ledger.")
        var reason = "promoted by hand"

        @OptionGroup var registry: RegistryOptions

        func run() throws { try ModelsCommand.promote(name, reason: reason, at: registry.location) }
    }

    struct Rollback: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Goes back to the champion's predecessor.",
            discussion: "Example: tidewatch models rollback electricity --reason \"complaints\"")

        @Argument(help: "The model.")
        var name: String

        @Option(help: "Why, for the ledger.")
        var reason = "rolled back by hand"

        @OptionGroup var registry: RegistryOptions

        func run() throws { try ModelsCommand.rollback(name, reason: reason, at: registry.location) }
    }

    struct Retrain: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Asks the running agent to retrain a model now.",
            discussion: "Example: tidewatch models retrain electricity")

        @Argument(help: "The model.")
        var name: String

        @OptionGroup var registry: RegistryOptions

        func run() throws { try ModelsCommand.retrain(name, at: registry.location) }
    }
}
