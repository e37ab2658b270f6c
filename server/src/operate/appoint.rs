//! The operator's command that appoints people: the first Global Administrator of an empty portal, an organisation's Primary
//! Local Administrator, and a Global Administrator when all others are lost.

use anyhow::{anyhow, bail};
use clap::Args;
use domain::{account::AccountStatus, dictionary::Attribute, organisation::OrganisationCode};
use gate::{Appointed, Appointing, Recovery, ServiceOrganisation, TheRole, calendar};

use crate::{
    operate::{commands, config::Config},
    sign_in,
};

/// Whom to appoint, and to what.
#[derive(Args)]
pub struct Appoint {
    /// The email address, in the mail domain (PORTAL_MAIL_DOMAIN).
    email: String,
    /// Make them Global Administrator. This founds the service's own organisation if there is none.
    #[arg(long, required_unless_present = "pla", conflicts_with = "pla")]
    global: bool,
    /// Make them Primary Local Administrator of the organisation with this code.
    #[arg(long, value_name = "CODE")]
    pla: Option<String>,
    /// Their first and last name. An account is created if nobody has the address.
    #[arg(long, value_name = "FIRST LAST")]
    name: Option<String>,
    /// With --global: do it although there is a Global Administrator. The role ends after 7 days, and all Global
    /// Administrators are told by email.
    #[arg(long, requires = "global")]
    recover: bool,
    /// With --global: the code of the service's own organisation, if it has to be founded.
    #[arg(long, value_name = "CODE", default_value = "FED00")]
    service_code: String,
    /// With --global: its name.
    #[arg(long, value_name = "NAME", default_value = "Staffbook service")]
    service_name: String,
}

/// Appoints somebody, and prints what they need to begin.
///
/// # Errors
/// When the database cannot be opened, or they cannot be appointed; says why.
pub async fn run(config: Config, asked: Appoint) -> anyhow::Result<()> {
    let role = match asked.pla.as_deref() {
        Some(pla) => TheRole::Primary(code(pla)?),
        None => TheRole::Global {
            service: ServiceOrganisation {
                code: code(&asked.service_code)?,
                name: name(asked.service_name)?,
            },
            recovery: if asked.recover { Recovery::Yes } else { Recovery::No },
        },
    };
    let appointing = Appointing {
        address: asked.email,
        name: asked.name,
        role,
    };
    let gate = commands::open_made(&config).await?;
    let service = sign_in::service();
    let appointed = gate.on_behalf_of(&service).appoint(&appointing).await?;
    print!("{}", told(&appointing.role, &appointed));
    Ok(())
}

fn code(text: &str) -> anyhow::Result<OrganisationCode> {
    OrganisationCode::parse(text)
        .map_err(|_| anyhow!("“{text}” is not an organisation’s code: that has 3 to 12 letters and digits"))
}

fn name(text: String) -> anyhow::Result<String> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 255 || text.chars().any(char::is_control) {
        bail!("the name of the service’s organisation must have 1 to 255 characters");
    }
    Ok(text.to_owned())
}

/// What is printed. The link is in it, so it goes to the terminal and into no log.
fn told(role: &TheRole, appointed: &Appointed) -> String {
    let (name, place) = (appointed.account.full_name(), &appointed.organisation);
    let mut text = String::new();
    if appointed.founded {
        text += &format!("{} ({}) was founded.\n", place.name, place.code);
    }
    if appointed.created {
        text += &format!("An account was created for {name}.\n");
    }
    let what = match role {
        TheRole::Global { .. } => "Global Administrator".to_owned(),
        TheRole::Primary(_) => format!("Primary Local Administrator of {} ({})", place.name, place.code),
    };
    text += &match appointed.granted {
        true => format!("{name} is now {what}.\n"),
        false => format!("{name} is already {what}.\n"),
    };
    if let Some(until) = appointed.until.filter(|_| appointed.granted) {
        text += &format!("The role ends on {}.\n", calendar::moment_in_words(until));
    }
    match appointed.told {
        0 => {}
        1 => text += "We will email the other Global Administrator.\n",
        told => text += &format!("We will email the other {told} Global Administrators.\n"),
    }
    match &appointed.link {
        Some(link) => {
            text += &format!(
                "\nThey choose a password here, once, until {}:\n\n  {}\n\nThis link is shown only now. Run the \
                 command again for another.\n",
                calendar::moment_in_words(link.expires),
                link.url
            );
        }
        None if appointed.account.status == AccountStatus::Locked => {
            text += &format!(
                "Their account is locked, so they cannot sign in yet. To unlock it, run: server unlock {}\n",
                appointed.account.attributes.text(Attribute::EmailAddress)
            );
        }
        None => {
            text += "They sign in with their own password. If they have forgotten it, they can ask for a password reset link \
                     on the sign-in page.\n";
        }
    }
    text
}
