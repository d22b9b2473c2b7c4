"""Where Airflow's processes find each other: `AIRFLOW__CORE__HOSTNAME_CALLABLE` names this."""


def hostname() -> str:
    return "127.0.0.1"
